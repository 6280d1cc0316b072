import flask.views


class View(flask.views.MethodView):
    def render(self):
        return self.template()  #> ?

    def template(self):
        return 1

    def outside(self):
        return self.dispatch_request()  #> !

    def closing(self):
        return super().dispatch_request()  #> builtin ; !

    def common(self):
        return 1
