/* The little the installer does by code, because its tables cannot.
 *
 * AskToClose  asks the running program to close, and waits for it. Windows' own Restart Manager cannot do that
 *             from a deployment service, which runs in another session than the window. If the program still runs
 *             after the wait, the installation stops before anything was changed.
 * StoreCode   keeps the one-time enrolment code where users may read and wipe it. The registry table would write it
 *             into the log; the data of a deferred action with hidden target is never logged.
 * TellData    says at the end of a removal where the station's data stay: in the log, and in a window unless it is silent.
 * ForgetCode  takes the code away again: at removal, and when an installation is rolled back.
 */
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <sddl.h>
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

static BOOL property(MSIHANDLE session, const wchar_t *name, wchar_t *text) {
    DWORD length = ROOM;
    return MsiGetPropertyW(session, name, text, &length) == ERROR_SUCCESS && length > 0;
}

static void say_text(MSIHANDLE session, INSTALLMESSAGE kind, const wchar_t *text) {
    MSIHANDLE record = MsiCreateRecord(1);
    MsiRecordSetStringW(record, 0, L"[1]");
    MsiRecordSetStringW(record, 1, text);
    MsiProcessMessage(session, kind, record);
    MsiCloseHandle(record);
}

static void say(MSIHANDLE session, INSTALLMESSAGE kind, const wchar_t *name) {
    wchar_t text[ROOM];
    if (property(session, name, text))
        say_text(session, kind, text);
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

__declspec(dllexport) UINT __stdcall StoreCode(MSIHANDLE session) {
    wchar_t code[ROOM];
    SECURITY_ATTRIBUTES rights = {sizeof rights, NULL, FALSE};
    HKEY key;
    if (!property(session, L"CustomActionData", code))
        return ERROR_SUCCESS;
    ConvertStringSecurityDescriptorToSecurityDescriptorW(
        RIGHTS_OF_CODE, SDDL_REVISION_1, &rights.lpSecurityDescriptor, NULL);
    LSTATUS status = RegCreateKeyExW(
        HKEY_LOCAL_MACHINE, KEY_OF_CODE, 0, NULL, 0, KEY_SET_VALUE | WRITE_DAC | KEY_WOW64_64KEY, &rights, &key, NULL);
    if (status == ERROR_SUCCESS) {
        if (rights.lpSecurityDescriptor != NULL) /* the key may stand from before */
            RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, rights.lpSecurityDescriptor);
        DWORD bytes = (DWORD)((wcslen(code) + 1) * sizeof *code);
        status = RegSetValueExW(key, L"Code", 0, REG_SZ, (const BYTE *)code, bytes);
        RegCloseKey(key);
    }
    SecureZeroMemory(code, sizeof code);
    LocalFree(rights.lpSecurityDescriptor);
    return status == ERROR_SUCCESS ? ERROR_SUCCESS : ERROR_INSTALL_FAILURE;
}

__declspec(dllexport) UINT __stdcall ForgetCode(MSIHANDLE session) {
    (void)session;
    RegDeleteKeyExW(HKEY_LOCAL_MACHINE, KEY_OF_CODE, KEY_WOW64_64KEY, 0);
    return ERROR_SUCCESS;
}

__declspec(dllexport) UINT __stdcall TellData(MSIHANDLE session) {
    wchar_t text[ROOM * 2], folder[ROOM], level[ROOM];
    if (!property(session, L"JobdeskDataStays", text) || !property(session, L"JOBDESK_DATA_FOLDER", folder))
        return ERROR_SUCCESS;
    if (GetFileAttributesW(folder) == INVALID_FILE_ATTRIBUTES) /* nothing was in it */
        return ERROR_SUCCESS;
    wcscat(text, folder);
    say_text(session, INSTALLMESSAGE_INFO, text);
    if (property(session, L"UILevel", level) && _wtoi(level) >= INSTALLUILEVEL_BASIC)
        say_text(session, (INSTALLMESSAGE)(INSTALLMESSAGE_USER | MB_OK | MB_ICONINFORMATION), text);
    return ERROR_SUCCESS;
}
