// libedit on a terminal. [MAN3] "editline"
#include "app/line_editor.hpp"
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cwchar>
#include <histedit.h>
#include <unistd.h>

namespace irqlab::app {

struct LineEditor::Terminal {
    EditLine* editor = nullptr;
    History* history = nullptr;
    std::string prompt;
};

namespace {

const char* prompt_of(EditLine* editor)
{
    void* data = nullptr;
    el_get(editor, EL_CLIENTDATA, &data);
    return static_cast<const std::string*>(data)->c_str();
}

// libedit's own reader starts again after a signal; Ctrl-C shall end the line.
int read_character(EditLine*, wchar_t* out)
{
    std::mbstate_t state{};
    for (;;) {
        char byte;
        const ssize_t n = ::read(STDIN_FILENO, &byte, 1);
        if (n <= 0)
            return static_cast<int>(n);
        const std::size_t length = std::mbrtowc(out, &byte, 1, &state);
        if (length == static_cast<std::size_t>(-2))
            continue;
        if (length == static_cast<std::size_t>(-1))
            *out = static_cast<unsigned char>(byte);
        return 1;
    }
}

LineEditor::Got read_plainly(std::string& line)
{
    char byte;
    ssize_t n;
    line.clear();
    while ((n = ::read(STDIN_FILENO, &byte, 1)) == 1) { // no further than the line: the rest is for the commands
        line += byte;
        if (byte == '\n')
            return LineEditor::Got::line;
    }
    if (n < 0 && errno == EINTR)
        return LineEditor::Got::interrupted;
    return line.empty() ? LineEditor::Got::end : LineEditor::Got::line;
}

} // namespace

LineEditor::LineEditor()
{
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0)
        return;
    std::setlocale(LC_CTYPE, "");
    terminal_ = std::make_unique<Terminal>();
    terminal_->editor = el_init("irqlab", stdin, stdout, stderr);
    terminal_->history = history_init();
    HistEvent event;
    history(terminal_->history, &event, H_SETSIZE, 1000);
    el_set(terminal_->editor, EL_CLIENTDATA, &terminal_->prompt);
    el_set(terminal_->editor, EL_PROMPT, prompt_of);
    el_set(terminal_->editor, EL_EDITOR, "emacs");
    el_set(terminal_->editor, EL_GETCFN, read_character);
    el_set(terminal_->editor, EL_HIST, history, terminal_->history);
}

LineEditor::~LineEditor()
{
    if (!terminal_)
        return;
    history_end(terminal_->history);
    el_end(terminal_->editor);
}

LineEditor::Got LineEditor::read(const std::string& prompt, std::string& line)
{
    if (!terminal_)
        return read_plainly(line);
    terminal_->prompt = prompt;
    int count = 0;
    errno = 0;
    const char* text = el_gets(terminal_->editor, &count);
    if (text != nullptr && count > 0) {
        line.assign(text, static_cast<std::size_t>(count));
        return Got::line;
    }
    const bool interrupted = count < 0 && errno == EINTR;
    std::fputc('\n', stdout);
    std::fflush(stdout);
    if (interrupted)
        el_reset(terminal_->editor);
    return interrupted ? Got::interrupted : Got::end;
}

void LineEditor::remember(const std::string& text)
{
    HistEvent event;
    if (terminal_ && text.find_first_not_of(" \n") != std::string::npos)
        history(terminal_->history, &event, H_ENTER, text.c_str());
}

} // namespace irqlab::app
