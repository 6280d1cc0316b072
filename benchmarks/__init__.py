"""Programs that measure hybridgym on real packages; none of them is part of the installed package."""
