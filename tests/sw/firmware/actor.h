// Coroutines that play the blocks: each waits for a condition, acts, waits for the next.
#pragma once

#include <coroutine>
#include <exception>
#include <functional>
#include <utility>

namespace karhunen {

class Actor {
public:
    struct promise_type {
        std::function<bool()> condition = [] { return true; };
        std::exception_ptr error;

        Actor get_return_object() {
            return Actor(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        std::suspend_always initial_suspend() { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { error = std::current_exception(); }
    };

    Actor(Actor&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Actor& operator=(Actor&&) = delete;
    ~Actor() {
        if (handle_) handle_.destroy();
    }

    bool can_act() const { return !handle_.done() && handle_.promise().condition(); }
    void act() {
        handle_.resume();
        if (handle_.promise().error) std::rethrow_exception(handle_.promise().error);
    }

private:
    explicit Actor(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
    std::coroutine_handle<promise_type> handle_;
};

/// co_await until(condition): whoever runs the actors goes on with this one when it holds.
struct Until {
    std::function<bool()> condition;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<Actor::promise_type> handle) {
        handle.promise().condition = std::move(condition);
    }
    void await_resume() const {}
};
inline Until until(std::function<bool()> condition) {
    return {std::move(condition)};
}

}  // namespace karhunen
