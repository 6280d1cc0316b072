from __future__ import annotations

import typing as t
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models import Model
    from models import helper
else:
    from fast import helper

if t.TYPE_CHECKING:
    import models as typed_models


def by_annotation(model: Model, other: typed_models.Model, third: "Model | None" = None):
    model.save()  #> models.py::Model.save
    other.save()  #> models.py::Model.save
    third.save()  #> models.py::Model.save


def by_call():
    return helper()  #> fast.py::helper


class Keeps:
    model: Model

    def use(self):
        return self.model.save()  #> models.py::Model.save
