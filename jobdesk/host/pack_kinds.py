"""Words of signed packs that the command line needs before anything of them is loaded."""

SUFFIX = ".jobdesk"
KINDS = ("rules", "calendar", "update", "exchange")
