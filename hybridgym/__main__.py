"""`python -m hybridgym`: the command line."""

from hybridgym.cli import main

if __name__ == "__main__":
    main()
