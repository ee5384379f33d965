import Ledger
import Outbound

/// Why a webhook was not set up or changed.
enum WebhookRefusal: Refusal {
    case badAddress(OutboundAddress.Problem)
    case badKind(String)
    case there(RecordID)
    case noSuchWebhook(String)
    case badStart(String)
    case lateStart(String)
    case notDelivered(String)
    case unreadableSecret

    var code: String {
        switch self {
        case .badAddress: "webhook.bad-address"
        case .badKind: "webhook.bad-kind"
        case .there: "webhook.is-there"
        case .noSuchWebhook: "webhook.no-such-webhook"
        case .badStart: "webhook.bad-start"
        case .lateStart: "webhook.late-start"
        case .notDelivered: "webhook.not-delivered"
        case .unreadableSecret: "webhook.unreadable-secret"
        }
    }
    var what: String {
        switch self {
        case .badAddress, .badKind, .there: "No webhook was added."
        case .notDelivered: "The test did not arrive."
        case .unreadableSecret: "Nothing was sent."
        default: "No webhook was changed."
        }
    }
    var why: String {
        switch self {
        case .badAddress(.unreadable): "The address cannot be read."
        case .badAddress(.notEncrypted): "The address is not https: others could read along."
        case .badAddress(.credentials): "The address holds a name or password, which would stand in lists and logs."
        case .badAddress(.tooLong): "The address has more than 2000 characters."
        case .badKind(let kind): "'\(kind.prefix(60))' is no kind of event."
        case .there(let id): "Webhook \(id) posts the same events to the same address."
        case .noSuchWebhook(let text): "There is no webhook \(text.prefix(60))."
        case .badStart(let text): "'\(text.prefix(120))' is neither an instant nor a bookmark of events."
        case .lateStart(let text): "\(text) is not over yet; what will be told up to then is not settled."
        case .notDelivered(let answer): "The receiver answered: \(answer)"
        case .unreadableSecret: "The webhook's secret was sealed under another key."
        }
    }
    var next: String {
        switch self {
        case .badAddress: "Give an address such as https://erp.example/duly; http is taken on this machine alone."
        case .badKind: "Write it like invoice.issue, or invoice.* for all of a noun; 'duly event list' shows them."
        case .there: "Keep that one, or remove it first with 'duly webhook remove'."
        case .noSuchWebhook: "'duly webhook list' lists them."
        case .badStart: "Give one such as 2026-03-01T09:15:00.000000Z, or a bookmark of 'duly event list'."
        case .lateStart: "Name an instant that has passed."
        case .notDelivered: "See that the receiver runs, knows the secret, and answers 200 to 299 within 15 seconds."
        case .unreadableSecret: "Bring back the key file, or remove the webhook and add it anew."
        }
    }
    var place: RefusalPlace? {
        switch self {
        case .badAddress: RefusalPlace(field: "url")
        case .badKind: RefusalPlace(field: "kind")
        case .badStart, .lateStart: RefusalPlace(field: "from")
        case .noSuchWebhook: RefusalPlace(field: "webhook")
        default: nil
        }
    }
}
