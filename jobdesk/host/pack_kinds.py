"""Words of signed packs that the command line needs before anything of them is loaded."""

SUFFIX = ".jobdesk"
KINDS = ("rules", "calendar", "update")
EXCHANGE_MAGIC = b"jobdesk-carried\n"
"""How a file begins that carries an exchange (``protocol.sealing``): no pack, sealed for somebody else."""
