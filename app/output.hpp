// Where a verb's text goes: the terminal, or a string of a test.
#pragma once
#include <string>
#include <string_view>

namespace irqlab::app {

class Output {
  public:
    virtual ~Output() = default;
    virtual void out(std::string_view text) = 0;   // what was asked for
    virtual void error(std::string_view text) = 0; // what went wrong
    /// Whether compilers may colour their messages: a terminal is there and NO_COLOR is not set.
    virtual bool colour() const { return false; }
};

/// The process's own stdout and stderr.
class TerminalOutput : public Output {
  public:
    void out(std::string_view text) override;
    void error(std::string_view text) override;
    bool colour() const override;
};

/// Keeps both streams, in order, as a terminal would show them.
class StringOutput : public Output {
  public:
    void out(std::string_view text) override { text_ += text; }
    void error(std::string_view text) override { text_ += text; }
    const std::string& text() const { return text_; }

  private:
    std::string text_;
};

} // namespace irqlab::app
