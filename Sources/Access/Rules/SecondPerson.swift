import Ledger
import Money

/// Up to which amount somebody may act alone, and who gives the second word above it.
///
/// Limits are whole units of the currency of the seller's books; an amount in another currency is converted before it is asked.
public enum SecondPerson {
    public enum Answer: Sendable, Equatable {
        case alone
        /// Another user with one of these roles has to agree first.
        case with(Set<Role>)
        case never
    }

    /// What gives money away, or says where it goes.
    public static let commands = ["invoice credit", "cash write-off", "cash refund", "seller add-account"]

    public static func answer(
        _ command: String, of amount: Money, by role: Role, limits: ApprovalLimits = .standard
    ) -> Answer {
        guard Permissions.may(role, command) else { return .never }
        guard commands.contains(command) else { return .alone }
        guard !limits.pair(command, role).alone.reaches(amount) else { return .alone }
        return .with(limits.agreeing(command, to: amount))
    }

    /// The second person is another one, and one who may agree to as much.
    public static func mayAgree(
        _ second: Principal, to command: String, of amount: Money = Money(minor: 0, .eur), askedBy first: Principal,
        limits: ApprovalLimits = .standard
    ) -> Bool {
        second.user != nil && second.user != first.user && second.token == nil
            && limits.agreeing(command, to: amount).contains(second.role)
    }
}

/// A command that waits for a second person, as the rules see it.
public struct Approval: Sendable, Equatable {
    public enum State: String, Sendable, CaseIterable, Codable {
        case waiting
        /// A second person agreed, and it is not known yet what came of the command.
        case agreed
        case done
        /// Agreed to, and refused by the books, which had changed.
        case failed
        case refused
        case withdrawn
        public var isOpen: Bool { self == .waiting || self == .agreed }
    }
    /// What to do about it.
    public enum Step: Sendable, Equatable {
        /// It gets this state, and where that is `agreed`, the command is carried out.
        case move(State)
        /// Agreed to before, by whomever: the command is carried out under its own id, which does it once.
        case carryOn
        /// It was decided like this before; there is nothing to do.
        case stands
    }

    public let id: RecordID
    /// Such as `cash write-off`.
    public let rule: String
    /// In the seller's currency.
    public let amount: Money
    public let state: State
    /// As they stand now; nil where the user is shut out or their role no longer may.
    public let asker: Principal?
    public let askedBy: Int64

    public init(id: RecordID, rule: String, amount: Money, state: State, asker: Principal?, askedBy: Int64) {
        (self.id, self.rule, self.amount) = (id, rule, amount)
        (self.state, self.asker, self.askedBy) = (state, asker, askedBy)
    }

    public func give(by second: Principal, limits: ApprovalLimits) throws -> Step {
        try mayDecide(second, limits)
        switch state {
        case .waiting:
            guard let asker, Permissions.may(asker.role, rule) else { throw AccessRefusal.askerGone(id) }
            return .move(.agreed)
        case .agreed: return .carryOn
        case .done, .failed: return .stands
        case .refused, .withdrawn: throw AccessRefusal.approvalEnded(id, state)
        }
    }

    public func refuse(by second: Principal, limits: ApprovalLimits) throws -> Step {
        try mayDecide(second, limits)
        switch state {
        case .waiting: return .move(.refused)
        case .refused: return .stands
        case .agreed, .done, .failed, .withdrawn: throw AccessRefusal.approvalEnded(id, state)
        }
    }

    public func withdraw(by person: Principal) throws -> Step {
        guard person.user == askedBy else { throw AccessRefusal.notTheAsker(id) }
        switch state {
        case .waiting: return .move(.withdrawn)
        case .withdrawn: return .stands
        case .agreed, .done, .failed, .refused: throw AccessRefusal.approvalEnded(id, state)
        }
    }

    public func mayDecide(_ second: Principal, _ limits: ApprovalLimits) throws {
        guard second.user != nil else { throw AccessRefusal.decidesAsNobody }
        guard second.token == nil else { throw AccessRefusal.programsDecideNothing }
        guard second.user != askedBy else { throw AccessRefusal.ownRequest(id) }
        let roles = limits.agreeing(rule, to: amount)
        guard roles.contains(second.role) else { throw AccessRefusal.notAmongThem(id, second.role, roles) }
    }
}
