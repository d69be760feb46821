// Every command of the shell, by the file that holds it.
#pragma once
#include "lab/shell/command.hpp"

namespace irqlab::lab::sh {

// cmd_print.cpp, cmd_printf.cpp, cmd_test.cpp
int echo_command(Command&);
int true_command(Command&);
int false_command(Command&);
int yes_command(Command&);
int seq_command(Command&);
int pwd_command(Command&);
int basename_command(Command&);
int dirname_command(Command&);
int printf_command(Command&);
int test_command(Command&);
// cmd_cat.cpp, cmd_head.cpp, cmd_lines.cpp, cmd_fields.cpp
int cat_command(Command&);
int tee_command(Command&);
int wc_command(Command&);
int head_command(Command&);
int tail_command(Command&);
int sort_command(Command&);
int uniq_command(Command&);
int cut_command(Command&);
int tr_command(Command&);
// cmd_grep.cpp, cmd_sed.cpp
int grep_command(Command&);
int sed_command(Command&);
// cmd_dd.cpp, cmd_dump.cpp
int dd_command(Command&);
int hexdump_command(Command&);
int xxd_command(Command&);
int od_command(Command&);
// cmd_ls.cpp, cmd_files.cpp
int ls_command(Command&);
int rm_command(Command&);
int mkdir_command(Command&);
int touch_command(Command&);
int mknod_command(Command&);
int chmod_command(Command&);
int accept_command(Command&);
// cmd_run.cpp, cmd_watch.cpp
int sh_command(Command&);
int env_command(Command&);
int prefix_command(Command&);
int sudo_command(Command&);
int time_command(Command&);
int timeout_command(Command&);
int taskset_command(Command&);
int xargs_command(Command&);
int watch_command(Command&);
int kill_command(Command&);
int which_command(Command&);
int sleep_command(Command&);
// cmd_system.cpp
int uname_command(Command&);
int date_command(Command&);
int id_command(Command&);
int whoami_command(Command&);
int hostname_command(Command&);
int ps_command(Command&);
int setserial_command(Command&);
int lsirq_command(Command&);
int lspci_command(Command&);
int dmesg_command(Command&);
// cmd_modules.cpp, cmd_modinfo.cpp
int insmod_command(Command&);
int rmmod_command(Command&);
int lsmod_command(Command&);
int modprobe_command(Command&);
int modinfo_command(Command&);
// cmd_lab.cpp
int irq_command(Command&);
int kbd_command(Command&);
int mouse_command(Command&);
int uart_command(Command&);
int lpt_command(Command&);
int rtc_command(Command&);
int ioctl_command(Command&);
int cpu_command(Command&);
int show_command(Command&);

/// Backslash escapes of echo -e and printf. @param octal_zero  \0NNN and not \NNN. False: \c, stop.
bool append_escapes(Str& out, std::string_view text, bool octal_zero);

/// The strings of a module's .modinfo section, "key=value" each. False: not an ELF object with one.
bool module_info(std::string_view image, Vec<std::string_view>& entries);
/// NAME.ko in the working directory, or anywhere below /lib/modules/RELEASE. - and _ are alike.
bool find_module_file(Command& command, std::string_view name, Str& path);

} // namespace irqlab::lab::sh
