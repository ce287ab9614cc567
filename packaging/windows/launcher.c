/* Starts CPython, which lies beside this file, with the program in it.
 *
 * Built twice: jobdesk.exe (window) and, with -DCONSOLE, jobdesk-cli.exe. While either runs, a named mutex
 * exists; the installer looks for it, and sets a named event when it wants the program closed. The window
 * answers that as if the person had clicked its cross: drafts are kept, a question may still be asked.
 */
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <sddl.h>
#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>

#include "names.h"

#define ROOM 32768
#define ASK_AGAIN_MS 3000

typedef int(__cdecl *py_main)(int, wchar_t **);

static wchar_t folder[ROOM];
static wchar_t library[ROOM];

#ifdef CONSOLE
/* Not fwprintf: before setlocale it drops every character beyond ASCII, and with it the whole sentence. */
static void tell(const wchar_t *what) {
    HANDLE out = GetStdHandle(STD_ERROR_HANDLE);
    DWORD mode, done;
    if (GetConsoleMode(out, &mode)) {
        WriteConsoleW(out, what, (DWORD)wcslen(what), &done, NULL);
        WriteConsoleW(out, L"\n", 1, &done, NULL);
        return;
    }
    char bytes[1024];
    int length = WideCharToMultiByte(CP_UTF8, 0, what, -1, bytes, sizeof bytes, NULL, NULL);
    if (length > 0) {
        bytes[length - 1] = '\n'; /* in the place of the final zero */
        WriteFile(out, bytes, (DWORD)length, &done, NULL);
    }
}
#endif

static int fail(const wchar_t *what) {
#ifdef CONSOLE
    tell(what);
#else
    MessageBoxW(NULL, what, NAME_OF_PRODUCT, MB_ICONERROR | MB_OK);
#endif
    return 70;
}

#ifndef CONSOLE
static BOOL CALLBACK ask_window(HWND window, LPARAM process) {
    DWORD owner = 0;
    GetWindowThreadProcessId(window, &owner);
    if (owner == (DWORD)process && IsWindowVisible(window) && GetWindow(window, GW_OWNER) == NULL)
        PostMessageW(window, WM_CLOSE, 0, 0);
    return TRUE;
}

static DWORD WINAPI wait_for_request(LPVOID event) {
    while (WaitForSingleObject((HANDLE)event, INFINITE) == WAIT_OBJECT_0) {
        EnumWindows(ask_window, (LPARAM)GetCurrentProcessId());
        Sleep(ASK_AGAIN_MS);
    }
    return 0;
}
#endif

/* The handles stay open as long as the process lives. Names already taken by another account are fine. */
static void make_known(void) {
    SECURITY_ATTRIBUTES rights = {sizeof rights, NULL, FALSE};
    ConvertStringSecurityDescriptorToSecurityDescriptorW(
        L"D:(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;IU)", SDDL_REVISION_1, &rights.lpSecurityDescriptor, NULL);
    CreateMutexW(&rights, FALSE, NAME_OF_MUTEX);
#ifndef CONSOLE
    HANDLE event = CreateEventW(&rights, TRUE, FALSE, NAME_OF_EVENT);
    if (event != NULL)
        CreateThread(NULL, 0, wait_for_request, event, 0, NULL);
#endif
}

static int start(void) {
    DWORD length = GetModuleFileNameW(NULL, folder, ROOM);
    if (length == 0 || length >= ROOM)
        return fail(L"无法确定程序所在的文件夹。");
    *wcsrchr(folder, L'\\') = 0;
    /* Never from the current folder. No stricter: input methods and printer drivers load their own parts by the
     * ordinary search. */
    SetDllDirectoryW(L"");
    _snwprintf(library, ROOM, L"%ls\\python311.dll", folder);
    HMODULE python = LoadLibraryExW(
        library, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    py_main run = python ? (py_main)(void *)GetProcAddress(python, "Py_Main") : NULL;
    if (run == NULL)
        return fail(L"程序文件不完整，请修复安装（控制面板 → 程序和功能 → " NAME_OF_PRODUCT L" → 修复），或联系管理员。");
    make_known();
    RegisterApplicationRestart(L"", RESTART_NO_CRASH | RESTART_NO_HANG | RESTART_NO_REBOOT);

    int given = 0, count = 0;
    wchar_t **words = CommandLineToArgvW(GetCommandLineW(), &given);
    wchar_t **all = calloc((size_t)given + 8, sizeof *all);
    if (words == NULL || all == NULL)
        return fail(L"内存不足。");
    all[count++] = words[0];
    all[count++] = L"-I";
    all[count++] = L"-X";
    all[count++] = L"utf8";
    all[count++] = L"-m";
    all[count++] = L"jobdesk";
    for (int i = 1; i < given; i++)
        all[count++] = words[i];
    return run(count, all);
}

#ifdef CONSOLE
int wmain(void) { return start(); }
#else
int WINAPI wWinMain(HINSTANCE self, HINSTANCE before, LPWSTR line, int show) {
    (void)self, (void)before, (void)line, (void)show;
    return start();
}
#endif
