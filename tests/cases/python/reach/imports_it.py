from answers import Answers


def of_unknown(thing):
    return thing.anything_at_all()  #> ?


def of_known():
    return Answers().anything_at_all()  #> answers.py::Answers ; ?
