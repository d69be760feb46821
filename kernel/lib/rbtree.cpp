// Red-black trees over nodes that drivers embed. The parent and the colour share a word: bit 0 set is black.
// [LX core-api/rbtree]; balancing after Cormen et al., "Introduction to Algorithms".
#include "linux/abi/string.h"

namespace irqlab::abi {

namespace {

rb_node* parent(const rb_node* n) { return reinterpret_cast<rb_node*>(n->__rb_parent_color & ~3ul); }
bool is_black(const rb_node* n) { return !n || (n->__rb_parent_color & 1) != 0; }
void set_parent(rb_node* n, rb_node* p)
{
    n->__rb_parent_color = reinterpret_cast<unsigned long>(p) | (n->__rb_parent_color & 1);
}
void set_black(rb_node* n, bool black)
{
    n->__rb_parent_color = (n->__rb_parent_color & ~1ul) | (black ? 1 : 0);
}

rb_node*& child(rb_node* n, bool left) { return left ? n->rb_left : n->rb_right; }

/// What points to `old` below `p` (the root when p is null) points to `fresh` from now on.
void replace(rb_root* root, rb_node* p, rb_node* old, rb_node* fresh)
{
    if (!p)
        root->rb_node = fresh;
    else
        child(p, p->rb_left == old) = fresh;
    if (fresh)
        set_parent(fresh, p);
}

/// Turns `n` down to the left or right; its other child comes up.
void rotate(rb_root* root, rb_node* n, bool left)
{
    rb_node* up = child(n, !left);
    child(n, !left) = child(up, left);
    if (child(up, left))
        set_parent(child(up, left), n);
    replace(root, parent(n), n, up);
    child(up, left) = n;
    set_parent(n, up);
}

/// `n` (maybe null) below `p` is one black node short.
void fix_short(rb_root* root, rb_node* n, rb_node* p)
{
    while (p && is_black(n)) {
        const bool left = p->rb_left == n;
        rb_node* sibling = child(p, !left);
        if (!is_black(sibling)) {
            set_black(sibling, true);
            set_black(p, false);
            rotate(root, p, left);
            sibling = child(p, !left);
        }
        if (is_black(sibling->rb_left) && is_black(sibling->rb_right)) {
            set_black(sibling, false);
            n = p;
            p = parent(n);
            continue;
        }
        if (is_black(child(sibling, !left))) {
            set_black(child(sibling, left), true);
            set_black(sibling, false);
            rotate(root, sibling, !left);
            sibling = child(p, !left);
        }
        set_black(sibling, is_black(p));
        set_black(p, true);
        set_black(child(sibling, !left), true);
        rotate(root, p, left);
        return;
    }
    if (n)
        set_black(n, true);
}

} // namespace

void rb_insert_color(struct rb_node* node, struct rb_root* root)
{
    set_black(node, false);
    rb_node* p = nullptr;
    while ((p = parent(node)) && !is_black(p)) {
        rb_node* grand = parent(p);
        const bool left = grand->rb_left == p;
        rb_node* uncle = child(grand, !left);
        if (!is_black(uncle)) {
            set_black(uncle, true);
            set_black(p, true);
            set_black(grand, false);
            node = grand;
            continue;
        }
        if (child(p, !left) == node) {
            rotate(root, p, left);
            p = node;
        }
        set_black(p, true);
        set_black(grand, false);
        rotate(root, grand, !left);
        break;
    }
    set_black(root->rb_node, true);
}

void rb_erase(struct rb_node* node, struct rb_root* root)
{
    rb_node* lower = nullptr; // what moves up
    rb_node* above = nullptr; // below which it then hangs
    bool short_of_black = is_black(node);
    if (node->rb_left && node->rb_right) {
        rb_node* next = node->rb_right;
        while (next->rb_left)
            next = next->rb_left;
        short_of_black = is_black(next);
        lower = next->rb_right;
        above = parent(next) == node ? next : parent(next);
        if (above != next) {
            replace(root, above, next, lower);
            next->rb_right = node->rb_right;
            set_parent(next->rb_right, next);
        }
        replace(root, parent(node), node, next);
        next->rb_left = node->rb_left;
        set_parent(next->rb_left, next);
        set_black(next, is_black(node));
    } else {
        lower = node->rb_left ? node->rb_left : node->rb_right;
        above = parent(node);
        replace(root, above, node, lower);
    }
    if (short_of_black)
        fix_short(root, lower, above);
}

struct rb_node* rb_first(const struct rb_root* root)
{
    rb_node* n = root->rb_node;
    while (n && n->rb_left)
        n = n->rb_left;
    return n;
}

struct rb_node* rb_last(const struct rb_root* root)
{
    rb_node* n = root->rb_node;
    while (n && n->rb_right)
        n = n->rb_right;
    return n;
}

struct rb_node* rb_next(const struct rb_node* node)
{
    if (node->rb_right) {
        rb_node* n = node->rb_right;
        while (n->rb_left)
            n = n->rb_left;
        return n;
    }
    rb_node* p = parent(node);
    while (p && p->rb_right == node) {
        node = p;
        p = parent(node);
    }
    return p;
}

struct rb_node* rb_prev(const struct rb_node* node)
{
    if (node->rb_left) {
        rb_node* n = node->rb_left;
        while (n->rb_right)
            n = n->rb_right;
        return n;
    }
    rb_node* p = parent(node);
    while (p && p->rb_left == node) {
        node = p;
        p = parent(node);
    }
    return p;
}

} // namespace irqlab::abi
