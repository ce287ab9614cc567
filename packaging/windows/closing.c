/* The one thing the installer does by code: it asks the running program to close, and waits for it.
 *
 * Windows' own Restart Manager cannot do that from a deployment service, which runs in another session than
 * the window. If the program still runs after the wait, the installation stops before anything was changed.
 */
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#include "names.h"

#define STEP_MS 250
#define PATIENCE_MS 60000
#define ROOM 512

static BOOL runs(void) {
    HANDLE mutex = OpenMutexW(SYNCHRONIZE, FALSE, NAME_OF_MUTEX);
    if (mutex == NULL)
        return GetLastError() == ERROR_ACCESS_DENIED;
    CloseHandle(mutex);
    return TRUE;
}

static void say(MSIHANDLE session, INSTALLMESSAGE kind, const wchar_t *property) {
    wchar_t text[ROOM];
    DWORD length = ROOM;
    if (MsiGetPropertyW(session, property, text, &length) != ERROR_SUCCESS || length == 0)
        return;
    MSIHANDLE record = MsiCreateRecord(1);
    MsiRecordSetStringW(record, 0, text);
    MsiProcessMessage(session, kind, record);
    MsiCloseHandle(record);
}

__declspec(dllexport) UINT __stdcall AskToClose(MSIHANDLE session) {
    if (!runs())
        return ERROR_SUCCESS;
    say(session, INSTALLMESSAGE_INFO, L"JobdeskAskedToClose");
    HANDLE event = OpenEventW(EVENT_MODIFY_STATE, FALSE, NAME_OF_EVENT);
    if (event != NULL)
        SetEvent(event);
    for (int waited = 0; waited < PATIENCE_MS && runs(); waited += STEP_MS)
        Sleep(STEP_MS);
    if (event != NULL) {
        ResetEvent(event);
        CloseHandle(event);
    }
    if (!runs())
        return ERROR_SUCCESS;
    say(session, INSTALLMESSAGE_ERROR, L"JobdeskStillRuns");
    return ERROR_INSTALL_FAILURE;
}
