module "example.org/replaced"
