// Lines from a person: edited and remembered on a terminal, plainly read otherwise.
#pragma once
#include <memory>
#include <string>

namespace irqlab::app {

class LineEditor {
  public:
    LineEditor();
    ~LineEditor();
    LineEditor(const LineEditor&) = delete;
    LineEditor& operator=(const LineEditor&) = delete;

    enum class Got : unsigned char { line, end, interrupted };
    /// One line with its newline. @param prompt  shown on a terminal only.
    Got read(const std::string& prompt, std::string& line);
    void remember(const std::string& text);

  private:
    struct Terminal;
    std::unique_ptr<Terminal> terminal_; // null: stdin is no terminal
};

} // namespace irqlab::app
