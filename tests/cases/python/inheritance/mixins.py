class Logs:
    def log(self):
        return self.render()  #> ?

    def setup(self):
        return super().setup()  #> builtin ; ?
