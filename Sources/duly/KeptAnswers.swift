/// Answers that cost more than a page may, each kept with a mark that changes as soon as a command is recorded.
///
/// Whoever asks first waits while it is made, and whoever asks meanwhile waits for the same. An answer that is looked at is made anew
/// behind the page before it grows too old, so that nobody waits again until a command is recorded.
actor KeptAnswers<Value: Sendable> {
    private struct Kept {
        let mark: String?
        let made: ContinuousClock.Instant
        let value: Value
    }
    private struct Making {
        let mark: String?
        let task: Task<Value, any Error>
    }
    private var kept: [String: Kept] = [:]
    private var making: [String: Making] = [:]
    private let longest: Duration

    /// `longest`: how old an answer may become, whatever the books say.
    init(longest: Duration) { self.longest = longest }

    /// What is kept under the key and mark, where it is young enough; else made now, for the one who asks: what `make` reads from
    /// its task is theirs. So the key must tell apart whatever two of them may see.
    /// - Parameter longest: how old this one may become, where it is another than the rule.
    func value(
        _ key: String, mark: String?, longest: Duration? = nil, _ make: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let longest = longest ?? self.longest
        if let found = kept[key], found.mark == mark {
            let age = found.made.duration(to: .now)
            if age > longest / 2, age < longest, making[key] == nil { _ = begin(key, mark, make) }
            if age < longest { return found.value }
        }
        if let under = making[key], under.mark == mark { return try await under.task.value }
        return try await begin(key, mark, make).value
    }

    private func begin(
        _ key: String, _ mark: String?, _ make: @escaping @Sendable () async throws -> Value
    ) -> Task<Value, any Error> {
        // Young from when its reading began: what is recorded meanwhile may be missing.
        let start = ContinuousClock.now
        let task = Task {
            let result: Result<Value, any Error>
            do { result = .success(try await make()) } catch { result = .failure(error) }
            end(key, mark, start, try? result.get())
            return try result.get()
        }
        making[key] = Making(mark: mark, task: task)
        return task
    }

    private func end(_ key: String, _ mark: String?, _ start: ContinuousClock.Instant, _ value: Value?) {
        if let under = making[key], under.mark == mark { making[key] = nil }
        guard let value else { return }
        if let found = kept[key], found.made > start { return }
        kept[key] = Kept(mark: mark, made: start, value: value)
        guard kept.count > 64 else { return }
        let old = kept.sorted { $0.value.made > $1.value.made }.dropFirst(48)
        for (key, _) in old { kept[key] = nil }
    }
}
