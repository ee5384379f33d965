import Database

/// What the planner knows of the tables is renewed after bulk work; what is small is found by any plan.
enum TableStatistics {
    /// So many pieces make a run bulk work.
    private static let bulk = 1_000

    /// Where it cannot be written, what is read afterwards is slower and nothing else.
    static func renew(_ database: any Database, after pieces: Int = bulk) async {
        guard pieces >= bulk else { return }
        do {
            try await database.transaction(isolation: .readCommitted) { try $0.renewStatistics() }
        } catch {
            Answer.say("The statistics of the tables were not renewed; reports may be slower.")
        }
    }
}
