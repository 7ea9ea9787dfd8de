"""What people decide on findings: decisions and their files, letters, the checked workbook, the terminal."""
