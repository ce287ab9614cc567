"""来访来电登记: one line for somebody who is not on the books."""
