"""导入: ways in, 选表, 对列, 预览, 完成, and the held rows of an import."""
