<#
.SYNOPSIS
    Builds and signs the installer on Windows with WiX 3.14, from the same source as `make msi`.
.DESCRIPTION
    Needs: Python 3.11 x64 (python.org), WiX Toolset 3.14, MSYS2 with mingw-w64-x86_64-gcc and
    mingw-w64-x86_64-osslsigncode, and for signing signtool of the Windows SDK with a certificate in the store.
    The product, its codes, properties and tables are those of packaging/msi; the bytes differ from those built on
    Linux (another compressor, another order), so both must not be handed out under one version.
.EXAMPLE
    packaging\windows\build.ps1 -Thumbprint 0123… -Timestamp http://timestamp.digicert.com
#>
param(
    [string]$Thumbprint = '',
    [string]$Timestamp = '',
    [string]$Msys = 'C:\msys64',
    [string]$Wix = $env:WIX,
    [string]$WindowsPython = ''
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
Set-Location (Join-Path $PSScriptRoot '..\..')

function Invoke-Tool {
    $tool, $words = $args
    & $tool @words
    if ($LASTEXITCODE -ne 0) { throw "$tool failed with $LASTEXITCODE" }
}

if (-not $Wix) { throw 'WiX Toolset 3.14 is not installed (its folder is not in %WIX%).' }
$venv = 'build\packages\venv'
if (-not (Test-Path "$venv\Scripts\python.exe")) {
    Invoke-Tool py -3.11 -m venv $venv
    Invoke-Tool "$venv\Scripts\python.exe" -m pip install -q --require-hashes -r requirements.lock
}
$python = "$venv\Scripts\python.exe"

$env:PYTHONHASHSEED = '0'
$env:PYTHONUTF8 = '1'
$env:PYTHONPATH = 'packaging'
$env:PATH = "$Msys\mingw64\bin;$env:PATH"
$env:JOBDESK_GCC = 'gcc'
$env:JOBDESK_WINDRES = 'windres'
$env:JOBDESK_CA_BUNDLE = "$Msys\usr\ssl\certs\ca-bundle.crt"
if ($WindowsPython) { $env:JOBDESK_WINDOWS_PYTHON = $WindowsPython }
if ($Thumbprint) {
    $signing = "signtool sign /sha1 $Thumbprint /fd sha256 /q"
    if ($Timestamp) { $signing += " /tr $Timestamp /td sha256" }
    $env:JOBDESK_SIGN_COMMAND = $signing
}

$place = 'build\packages\wix'
Invoke-Tool $python -m windows.tree
Invoke-Tool $python -m msi.build --keep-tree --sources $place
$name = (& $python -c "from common.product import product; print(product().msi_name)").Trim()
$folder = (Resolve-Path 'build\packages\windows').Path
New-Item -ItemType Directory -Force 'build\dist' | Out-Null

Push-Location $place
try {
    Invoke-Tool "$Wix\bin\candle.exe" -nologo -arch x64 "-dTree=$folder\tree" "-dIcon=$folder\launchers\jobdesk.ico" `
        "-dInstaller=$folder\launchers\installer.dll" jobdesk.wxs files.wxs
    # ICE40: REINSTALLMODE is set on purpose; ICE43, ICE57: the shortcut is the machine's, its component a file's;
    # ICE91: the machine's Start menu is meant.
    Invoke-Tool "$Wix\bin\light.exe" -nologo -spdb -dcl:high -sice:ICE40 -sice:ICE43 -sice:ICE57 -sice:ICE91 `
        -out "..\..\dist\$name" jobdesk.wixobj files.wixobj
}
finally { Pop-Location }

if ($Thumbprint) {
    $words = $env:JOBDESK_SIGN_COMMAND -split ' '
    Invoke-Tool @words "build\dist\$name"
    Invoke-Tool signtool verify /pa /q "build\dist\$name"
}
else { Write-Warning 'not signed: no certificate was given' }
Get-FileHash "build\dist\$name" -Algorithm SHA256 | Format-List Path, Hash
