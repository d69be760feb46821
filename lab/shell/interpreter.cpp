// The interpreter: lists, conditions, loops, functions.
#include "lab/shell/interpreter.hpp"

#include <cerrno>

#include "lab/shell/expand.hpp"
#include "lab/shell/parser.hpp"

namespace irqlab::lab::sh {

namespace {

/// Notes the status; under set -e a failure outside a condition leaves the shell.
int settle_status(ShellContext& shell, int status)
{
    shell.status = status;
    if (status != 0 && shell.options.exit_on_error && shell.condition_depth == 0 && shell.flow == Flow::normal)
        leave(shell, status);
    return status;
}

int execute_sequence(ShellContext& shell, const Node& node)
{
    int status = 0;
    for (const Node* item = node.children; item && shell.flow == Flow::normal; item = item->next)
        status = execute(shell, item);
    return status;
}

int execute_and_or(ShellContext& shell, const Node& node)
{
    int status = 0;
    for (const Node* item = node.children; item && shell.flow == Flow::normal; item = item->next) {
        if ((item->connector == Connector::and_ && status != 0) || (item->connector == Connector::or_ && status == 0))
            continue;
        const bool last = item->next == nullptr;
        shell.condition_depth += !last;
        status = execute(shell, item);
        shell.condition_depth -= !last;
    }
    return status;
}

int execute_condition(ShellContext& shell, const Node* node)
{
    ++shell.condition_depth;
    const int status = execute(shell, node);
    --shell.condition_depth;
    return status;
}

int execute_if(ShellContext& shell, const Node& node)
{
    for (const Clause* clause = node.clauses; clause; clause = clause->next) {
        const int status = clause->condition ? execute_condition(shell, clause->condition) : 0;
        if (shell.flow != Flow::normal)
            return status;
        if (status == 0)
            return execute(shell, clause->body);
    }
    return 0;
}

int execute_case(ShellContext& shell, const Node& node)
{
    const Str subject = expand_string(shell, node.words);
    for (const Clause* clause = node.clauses; clause; clause = clause->next)
        for (const Word* word = clause->patterns; word; word = word->next) {
            const Str pattern = expand_pattern(shell, word);
            if (shell.flow != Flow::normal)
                return shell.status;
            if (matches(pattern, subject))
                return execute(shell, clause->body);
        }
    return 0;
}

/// After a round of a loop: consumes `break` and `continue`. True: another round may follow.
bool next_round(ShellContext& shell)
{
    // A loop that starts no task would never let virtual time pass: now and then it sleeps a little.
    if (++shell.idle_rounds % 1000 == 0 && kernel::sys_nanosleep(1'000'000) == -EINTR) {
        kernel::sys_take_signals(); // Ctrl-C: the line at the prompt ends
        shell.interrupted = true;
        shell.flow = Flow::exit_;
    }
    if (shell.flow != Flow::break_ && shell.flow != Flow::continue_)
        return shell.flow == Flow::normal;
    if (--shell.flow_levels > 0)
        return false;
    const bool again = shell.flow == Flow::continue_;
    shell.flow = Flow::normal;
    return again;
}

int execute_while(ShellContext& shell, const Node& node)
{
    const bool wanted = node.kind == NodeKind::while_;
    int status = 0;
    ++shell.loop_depth;
    for (bool more = true; more;) {
        const bool holds = (execute_condition(shell, node.condition) == 0) == wanted;
        if (shell.flow == Flow::normal) {
            if (!holds)
                break;
            status = execute(shell, node.body);
        }
        more = next_round(shell);
    }
    --shell.loop_depth;
    return shell.flow == Flow::normal ? status : shell.status;
}

int execute_for(ShellContext& shell, const Node& node)
{
    Vec<Str> items(&shell.memory);
    if (node.in_given)
        expand_words(shell, node.words, items);
    else
        for (const Str& parameter : shell.positional)
            items.emplace_back(parameter);
    int status = 0;
    ++shell.loop_depth;
    for (const Str& item : items) {
        if (shell.flow != Flow::normal || !set(shell, node.name, item))
            break;
        status = execute(shell, node.body);
        if (!next_round(shell))
            break;
    }
    --shell.loop_depth;
    return shell.flow == Flow::normal ? status : shell.status;
}

void define_function(ShellContext& shell, const Node& node)
{
    for (Function& f : shell.functions)
        if (f.name == node.name) {
            f.body = node.body;
            return;
        }
    shell.functions.push_back({node.name, node.body});
}

int execute_kind(ShellContext& shell, const Node& node)
{
    switch (node.kind) {
    case NodeKind::sequence: return execute_sequence(shell, node);
    case NodeKind::and_or: return execute_and_or(shell, node);
    case NodeKind::background: return execute_background(shell, node);
    case NodeKind::if_: return execute_if(shell, node);
    case NodeKind::for_: return execute_for(shell, node);
    case NodeKind::while_:
    case NodeKind::until_: return execute_while(shell, node);
    case NodeKind::case_: return execute_case(shell, node);
    case NodeKind::group:
    case NodeKind::subshell: return execute(shell, node.body);
    case NodeKind::function: define_function(shell, node); return 0;
    case NodeKind::pipeline: return execute_pipeline(shell, node);
    case NodeKind::simple: break;
    }
    return execute_simple(shell, node, false);
}

} // namespace

/// A compound command with its redirections, in the calling task.
int execute_compound(ShellContext& shell, const Node& node)
{
    if (!node.redirects)
        return execute_kind(shell, node);
    Vec<Opening> openings(&shell.memory);
    Vec<SavedDescriptor> saved(&shell.memory);
    int status = 2;
    if (expand_redirects(shell, node.redirects, openings)) {
        ++shell.redirect_depth;
        if (apply_redirects(shell, openings, &saved))
            status = execute_kind(shell, node);
        restore_descriptors(shell, saved);
        --shell.redirect_depth;
    }
    return status;
}

int execute(ShellContext& shell, const Node* node, bool tail)
{
    if (!node)
        return 0;
    if (shell.run_depth >= run_depth_max) {
        complain(shell, "nested too deeply");
        leave(shell, 2);
        return 2;
    }
    shell.run_depth += node->kind != NodeKind::simple;
    int status = 0;
    if (node->kind == NodeKind::simple) {
        status = settle_status(shell, execute_simple(shell, *node, tail));
    } else if (node->kind == NodeKind::subshell && !tail) {
        shell.line = node->line;
        status = settle_status(shell, finish_child(shell, start_child(shell, node, {})));
    } else {
        status = execute_compound(shell, *node);
        if (node->kind == NodeKind::pipeline && !node->negated)
            settle_status(shell, status);
        else if (shell.flow != Flow::exit_ && shell.flow != Flow::return_)
            shell.status = status;
    }
    shell.run_depth -= node->kind != NodeKind::simple;
    return shell.flow == Flow::exit_ || shell.flow == Flow::return_ ? shell.status : status;
}

int call_function(ShellContext& shell, const Node& body, Vec<Str>& argv)
{
    Vec<Str> parameters(&shell.memory);
    for (std::size_t i = 1; i < argv.size(); ++i)
        parameters.emplace_back(argv[i]);
    parameters.swap(shell.positional);
    const int outer_loops = shell.loop_depth;
    shell.loop_depth = 0;
    ++shell.function_depth;
    int status = execute(shell, &body);
    if (shell.flow == Flow::return_) {
        shell.flow = Flow::normal;
        status = shell.status;
    }
    while (!shell.locals.empty() && shell.locals.back().function_depth == shell.function_depth) {
        restore(shell, shell.locals.back());
        shell.locals.pop_back();
    }
    --shell.function_depth;
    shell.loop_depth = outer_loops;
    shell.positional.swap(parameters);
    return status;
}

int run_program(ShellContext& shell, const Node* root)
{
    int status = execute(shell, root);
    if (shell.flow == Flow::exit_ || shell.flow == Flow::return_)
        status = shell.status;
    if (!shell.exit_trap.empty()) {
        const Str trap(shell.exit_trap, &shell.memory);
        shell.exit_trap.clear();
        shell.flow = Flow::normal;
        shell.status = status;
        const int after = run_text(shell, trap, shell.name);
        if (shell.flow == Flow::exit_)
            status = after;
    }
    return status & 255;
}

int run_text(ShellContext& shell, std::string_view text, std::string_view name)
{
    auto* memory = make<std::pmr::monotonic_buffer_resource>(shell.memory, &shell.memory);
    Parser parser(*memory, keep(*memory, text));
    const Node* root = parser.parse_program();
    const bool must_stay = parser.must_stay();
    int status = 2;
    if (parser.failed()) {
        Str message(&shell.memory);
        appendf(message, "%.*s: %d: %s\n", static_cast<int>(name.size()), name.data(), parser.error_line(),
                parser.error().c_str());
        write_all(2, message);
        shell.status = 2;
    } else {
        status = execute(shell, root);
    }
    if (!must_stay && shell.flow != Flow::exit_) // the parser's own strings are in there too: none of them is touched after this
        memory->release();
    return status;
}

int run_new_shell(ShellContext& parent, std::string_view text, std::string_view name, int argc,
                  const char* const* argv, const Options& options)
{
    ShellContext& shell = *make<ShellContext>(parent.memory, parent.memory, parent.hooks, name);
    for (const Variable& v : parent.variables)
        if (v.exported && v.is_set) {
            set(shell, v.name, v.value);
            touch(shell, v.name).exported = true;
        }
    for (int i = 0; i < argc; ++i)
        shell.positional.emplace_back(argv[i]);
    shell.options = options;
    shell.run_depth = parent.run_depth + 10; // sh -c in sh -c ... runs on the stack of its task
    Parser parser(shell.memory, keep(shell.memory, text));
    const Node* root = parser.parse_program();
    if (!parser.failed())
        return run_program(shell, root);
    Str message(&shell.memory);
    appendf(message, "%s: %d: %s\n", shell.name.c_str(), parser.error_line(), parser.error().c_str());
    write_all(2, message);
    return 2;
}

} // namespace irqlab::lab::sh
