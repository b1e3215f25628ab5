#pragma once

namespace bluebatch::http {

// Lives while a handler waits for another machine: the server whose thread this is runs one more meanwhile,
// so that everybody else is served. On any other thread it does nothing.
class WaitingElsewhere {
public:
    WaitingElsewhere();
    ~WaitingElsewhere();
    WaitingElsewhere(WaitingElsewhere const&) = delete;
    WaitingElsewhere& operator=(WaitingElsewhere const&) = delete;
};

}  // namespace bluebatch::http
