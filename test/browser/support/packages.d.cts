/** Whether the program is on the PATH. */
export declare function hasProgram(program: string): boolean;
/** Installs what is missing as root on Debian, and says what stays missing. */
export declare function installBrowsers(): void;
