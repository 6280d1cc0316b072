import json

from delegates import of_unknown as renamed

alias = renamed
constant = 1


def of_module(module):
    # A module may be passed around, and its aliases with it.
    module.alias()  #> ?
    module.renamed()  #> ?
    module.json()  #> ?
    module.constant()  #> !?.constant
