"""What the Windows and the Debian package share: facts, locked inputs, trimming, bytecode, licences, SBOM."""
