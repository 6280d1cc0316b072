//! Where the type of a receiver is known from: annotations, results, patterns, fields, aliases.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, MutexGuard};

#[derive(Clone)]
pub struct Job {
    pub id: u32,
    parts: (Step, Step),
    next: Option<Box<Job>>,
    by_name: HashMap<String, Step>,
    cell: RefCell<Step>,
    locked: Mutex<Step>,
    hook: Option<fn() -> Step>,
}

#[derive(Clone, Copy)]
pub struct Step(u32);

pub enum Failure {
    Broken(Step),
    Late { by: Step },
}

type Outcome<T> = Result<T, Failure>;
type Maybe = Option<Step>;
type First = Step;

impl Step {
    fn run(&self) -> u32 {
        self.0
    }

    fn start() -> Result<Self, Failure> {
        Ok(Step(0)) //> !Ok ; types.rs::Step
    }

    fn maybe() -> Option<Step> {
        None
    }

    async fn later() -> Outcome<Step> {
        Err(Failure::Broken(Step(0))) //> !Err ; types.rs::Failure ; types.rs::Step
    }

    fn pair() -> (Step, Job) {
        unimplemented!() //> builtin
    }

    fn list() -> Vec<Step> {
        Vec::new() //> !Vec::new
    }
}

impl Job {
    fn open(text: &str) -> io::Result<Job> {
        Err(io::Error::other(text)) //> !Err ; !std::io::Error::other
    }

    fn go(&self) -> u32 {
        self.id
    }
}

fn annotated(text: &str) -> u32 {
    let step: Step = text.parse().unwrap(); //> !str.parse ; !?.unwrap
    step.run() //> types.rs::Step.run [annotation]
}

fn from_results() -> Result<u32, Failure> { //= types.rs::Step.start, types.rs::Step.run, types.rs::Step.maybe
    let step = Step::start()?; //> types.rs::Step.start
    step.run(); //> types.rs::Step.run [return]
    Step::start()?.run(); //> types.rs::Step.start ; types.rs::Step.run
    Step::start().unwrap().run(); //> types.rs::Step.start ; !Result.unwrap ; types.rs::Step.run
    let other = Step::maybe().expect("one"); //> types.rs::Step.maybe ; !Option.expect
    other.run(); //> types.rs::Step.run
    let kept = Step::start().ok().unwrap_or_default(); //> types.rs::Step.start ; !Result.ok ; !Option.unwrap_or_default
    Ok(kept.run()) //> !Ok ; types.rs::Step.run
}

async fn awaited() -> Outcome<u32> {
    let step = Step::later().await?; //> types.rs::Step.later
    Step::later().await?.run(); //> types.rs::Step.later ; types.rs::Step.run
    Ok(step.run()) //> !Ok ; types.rs::Step.run
}

fn without_await() {
    Step::later().run(); //> types.rs::Step.later ; ?
}

fn of_io() -> io::Result<u32> {
    let job = Job::open("x")?; //> types.rs::Job.open
    Ok(job.go()) //> !Ok ; types.rs::Job.go
}

fn patterns(job: &Job, failure: Failure, maybe: Maybe, outcome: Outcome<Job>) -> u32 {
    if let Some(next) = &job.next {
        next.go(); //> types.rs::Job.go
    }
    if let Some(step) = maybe {
        step.run(); //> types.rs::Step.run
    }
    let Ok(job) = outcome else {
        return job.go(); //> types.rs::Job.go
    };
    let (first, other) = Step::pair(); //> types.rs::Step.pair
    first.run(); //> types.rs::Step.run
    other.go(); //> types.rs::Job.go
    let Job { parts: (left, _), id, .. } = job;
    left.run() + id.pow(1); //> types.rs::Step.run ; !u32.pow
    match failure {
        Failure::Broken(ref step) if step.run() > 1 => step.run(), //> types.rs::Step.run ; types.rs::Step.run
        Failure::Broken(step) | Failure::Late { by: step } => step.run(), //> types.rs::Step.run
    }
}

fn matched(found: Result<Step, Failure>) -> u32 {
    match found {
        Ok(step) => step.run(), //> types.rs::Step.run
        Err(Failure::Broken(step)) => step.run(), //> types.rs::Step.run
        Err(other) => other.run(), //> !Failure.run
    }
}

fn fields(job: &mut Job) -> u32 {
    job.parts.0.run(); //> types.rs::Step.run [attribute]
    job.cell.borrow().run(); //> !RefCell.borrow ; types.rs::Step.run
    job.locked.lock().unwrap().run(); //> !Mutex.lock ; !Result.unwrap ; types.rs::Step.run
    job.by_name["x"].run(); //> types.rs::Step.run
    job.by_name.get("x").unwrap().run(); //> !HashMap.get ; !Option.unwrap ; types.rs::Step.run
    for (_, step) in &job.by_name {
        step.run(); //> types.rs::Step.run
    }
    for step in job.by_name.values() { //> !HashMap.values
        step.run(); //> types.rs::Step.run
    }
    (job.hook.unwrap())(); //> ? ; !Option.unwrap
    job.next.as_mut().unwrap().go() //> !Option.as_mut ; !Option.unwrap ; types.rs::Job.go
}

fn aliases(first: First, outcome: Outcome<Step>, maybe: Maybe) -> u32 {
    first.run(); //> types.rs::Step.run
    maybe.unwrap().run(); //> !Option.unwrap ; types.rs::Step.run
    First::start(); //> types.rs::Step.start
    match outcome {
        Ok(step) => step.run(), //> types.rs::Step.run
        Err(_) => 0,
    }
}

fn guard(locked: MutexGuard<Step>, cell: Cell<Step>) -> u32 {
    cell.get().run() + locked.run() //> !Cell.get ; types.rs::Step.run ; types.rs::Step.run
}

fn several_ways(flag: bool, step: Step) -> u32 {
    let chosen = if flag { step } else { Step(2) }; //> types.rs::Step
    chosen.run() //> types.rs::Step.run
}

fn copies(job: &Job, steps: &[Step], array: [Step; 2]) -> u32 {
    job.clone().go(); //> !Job.clone ; types.rs::Job.go
    steps[0].run(); //> types.rs::Step.run
    array[1].run(); //> types.rs::Step.run
    for step in steps.iter().copied().rev() { //> !slice.iter ; !Iterator.copied ; !Iterator.rev
        step.run(); //> types.rs::Step.run
    }
    steps[1..].len() //> !slice.len
}

fn unknown_receivers(text: &str) -> u32 { //= open
    let made = text.parse().unwrap(); //> !str.parse ; !?.unwrap
    made.run() //> ?
}

fn closures(steps: Vec<Step>, maybe: Option<Step>) -> u32 { //= types.rs::Step.run
    maybe.map(|step| step.run()); //> !Option.map ; types.rs::Step.run
    steps.iter().map(|step: &Step| step.run()).sum() //> !Vec.iter ; !Iterator.map ; !Iterator.sum ; types.rs::Step.run [annotation]
}

fn closures_over_elements(steps: Vec<Step>) -> u32 { //= types.rs::Step.run
    steps.iter().filter(|step| step.run() > 1).for_each(|step| { //> !Vec.iter ; !Iterator.filter ; !Iterator.for_each ; types.rs::Step.run
        step.run(); //> types.rs::Step.run
    });
    steps.into_iter().map(|step| step.run()).sum() //> !Vec.into_iter ; !Iterator.map ; !Iterator.sum ; types.rs::Step.run
}

fn literals() -> usize { //= none
    "text".len() + [1, 2].len() + 'c'.len_utf8() + b"x".len() //> !str.len ; !slice.len ; !char.len_utf8 ; !slice.len
}

fn blocks() -> u32 {
    let step = unsafe { Step(1) }; //> types.rs::Step
    step.run(); //> types.rs::Step.run
    let cast = 3 as u8;
    cast.count_ones() //> !u8.count_ones
}

fn macros_with_a_type(step: Step) -> usize {
    let text = format!("{}", step.run()); //> builtin ; types.rs::Step.run
    text.len() + vec![step].len() //> !String.len ; builtin ; !Vec.len
}
