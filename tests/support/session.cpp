// A terminal that writes into a string.
#include "tests/support/session.hpp"

#include <cstdio>
#include <gtest/gtest.h>

#include "kernel/kernel.hpp"
#include "lab/show/show.hpp"

namespace irqlab::test {

namespace {

void write_text(void* context, int, const char* text, std::size_t size)
{
    static_cast<Session*>(context)->text.append(text, size);
}

void console_line(void* context, int, std::uint64_t time_ns, const char* line)
{
    auto& session = *static_cast<Session*>(context);
    session.console.emplace_back(line);
    session.text += console_stamp(time_ns) + line + "\n";
}

int show(void* context, int argc, const char* const* argv, std::pmr::string& out)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    const lab::ShowResult result = lab::show(static_cast<lab::World*>(context)->kernel(), words);
    out.append(result.text);
    return result.status;
}

} // namespace

std::string console_stamp(std::uint64_t time_ns)
{
    char stamp[32];
    std::snprintf(stamp, sizeof stamp, "[%5llu.%06llu] ",
                  static_cast<unsigned long long>(time_ns / 1'000'000'000),
                  static_cast<unsigned long long>(time_ns / 1'000 % 1'000'000));
    return stamp;
}

lab::Terminal terminal_of(Session& session) { return {write_text, nullptr, nullptr, console_line, &session}; }

void run_in(lab::World& world, const std::string& text, Session& session)
{
    lab::Script script;
    lab::ParseError error;
    ASSERT_TRUE(lab::Script::parse(text, "test", script, error)) << lab::to_string(error, "test");
    lab::ShellHooks hooks;
    hooks.show = show;
    hooks.context = &world;
    const lab::World::Result result = world.run(script, hooks);
    session.end = result.end;
    session.status = result.status;
    const sim::EventStream& stream = world.kernel().events;
    session.events.clear();
    for (std::uint64_t i = stream.oldest(); i < stream.sequence(); ++i)
        session.events.push_back(stream.at(i));
}

Session run_session(const lab::WorldConfig& config, const std::string& script, sim::Choice* choice)
{
    Session session;
    sim::NaturalChoice natural;
    lab::World world(config, choice ? *choice : natural, terminal_of(session));
    run_in(world, script, session);
    return session;
}

} // namespace irqlab::test
