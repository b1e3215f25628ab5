#pragma once

namespace bluebatch::http {

// Lives while a handler waits for another machine, or computes for long: the server whose thread this is runs
// one more meanwhile, so that everybody else is served. On any other thread it does nothing.
class WaitingElsewhere {
public:
    WaitingElsewhere();
    ~WaitingElsewhere();
    WaitingElsewhere(WaitingElsewhere const&) = delete;
    WaitingElsewhere& operator=(WaitingElsewhere const&) = delete;
};

// Whether the client that is being answered on this thread has closed its end, so that nobody waits for the
// answer. False on any other thread.
bool client_has_left();

// Says on which socket the client of this thread's request is, while it is being answered.
class AnsweredClient {
public:
    explicit AnsweredClient(int socket);
    ~AnsweredClient();
    AnsweredClient(AnsweredClient const&) = delete;
    AnsweredClient& operator=(AnsweredClient const&) = delete;
};

}  // namespace bluebatch::http
