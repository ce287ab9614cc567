"""失业登记 and 就业登记 as transcribed here (本机记载，不替代省系统登记), one verb a file."""
