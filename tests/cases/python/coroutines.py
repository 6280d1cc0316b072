"""async, await, generators and iterators."""

import asyncio
from contextlib import asynccontextmanager


class Thing:
    def run(self):
        return 1

    async def __aenter__(self):
        return Other()  #> coroutines.py::Other

    async def __aexit__(self, *details):
        return None

    def __enter__(self):
        return self

    def __exit__(self, *details):
        return None


class Other:
    def run(self):
        return 2


async def make():
    return Thing()  #> coroutines.py::Thing


async def declared() -> Thing:
    return await make()  #> coroutines.py::make


async def awaits():
    (await make()).run()  #> coroutines.py::Thing.run ; coroutines.py::make
    thing = await make()  #> coroutines.py::make
    thing.run()  #> coroutines.py::Thing.run
    (await declared()).run()  #> coroutines.py::Thing.run ; coroutines.py::declared
    make().run()  #> coroutines.py::make ; ?
    await asyncio.gather(make(), make())  #> !asyncio.gather ; coroutines.py::make ; coroutines.py::make
    await asyncio.sleep(1)  #> !asyncio.sleep


async def enters():
    async with Thing() as other:  #> coroutines.py::Thing
        other.run()  #> ?
    with Thing() as thing:  #> coroutines.py::Thing
        thing.run()  #> coroutines.py::Thing.run


async def iterates():
    async for thing in produce():  #> coroutines.py::produce
        thing.run()  #> ?
    return [thing.run() async for thing in produce()]  #> ? ; coroutines.py::produce


async def produce():
    yield Thing()  #> coroutines.py::Thing


@asynccontextmanager
async def managed():
    yield Thing()  #> coroutines.py::Thing


async def uses_managed():
    async with managed() as thing:  #> coroutines.py::managed
        thing.run()  #> ?


def generate():
    value = yield Thing()  #> coroutines.py::Thing
    value.run()  #> ?
    yield from generate()  #> coroutines.py::generate


def delegates():
    result = yield from generate()  #> coroutines.py::generate
    return result.run()  #> ?


def consumes():
    iterator = generate()  #> coroutines.py::generate
    next(iterator).run()  #> builtin ; coroutines.py::Thing.run
    iterator.close()  #> builtin
    return list(thing.run() for thing in generate())  #> builtin ; coroutines.py::Thing.run ; coroutines.py::generate


class Async:
    async def fetch(self):
        return Thing()  #> coroutines.py::Thing

    async def use(self):
        thing = await self.fetch()  #> coroutines.py::Async.fetch
        thing.run()  #> coroutines.py::Thing.run
        return await self.use()  #> coroutines.py::Async.use

    async def spawn(self):
        return asyncio.create_task(self.fetch())  #> !asyncio.create_task ; coroutines.py::Async.fetch
