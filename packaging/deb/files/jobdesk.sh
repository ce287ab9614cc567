#!/bin/sh
export PYTHONUTF8=1
# The accounts of a station share /var/lib/jobdesk through their group; nobody else reads what we write.
umask 007
# The package brings Qt's X11 part only; on a Wayland desktop it goes through XWayland.
if [ -n "$DISPLAY" ] && [ -z "$QT_QPA_PLATFORM" ]; then
    export QT_QPA_PLATFORM=xcb
fi
# A desktop hands over the file alone, or nothing when it starts from the menu.
case "$1" in
*.jobdesk) set -- open "$@" ;;
esac
exec /usr/bin/python@PYTHON@ -I -S -X utf8 /usr/lib/jobdesk/start.py "$@"
