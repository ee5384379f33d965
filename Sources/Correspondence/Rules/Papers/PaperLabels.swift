/// Every fixed word on paper, once in each language.
struct PaperLabels: Sendable {
    // Titles and facts
    let invoice, creditNote, statement, reminder, secondReminder, finalReminder: String
    let date, supplied, due, customer, yourOrder, ourOrder, yourVATID, questions, writtenBy, telephone, email,
        reference: String
    let corrects, asOf, knownAt, kind, openItems: String
    // Tables
    let position, item, quantity, unitPrice, discount, vat, amount: String
    let document, late, original, open, balance: String
    let carriedForward, broughtForward: @Sendable (Int) -> String
    // Totals
    let netTotal, subtotal, grossTotal, prepaid, toPay, credit, total, pleasePay, interest, fee: String
    let rounding: String
    let vatOn: @Sendable (_ percent: String, _ base: String) -> String
    let vatFree: @Sendable (_ base: String) -> String
    let outsideScope: @Sendable (_ base: String) -> String
    let vatIn: @Sendable (_ currency: String) -> String
    // Legal notes
    let reverseCharge, intraCommunity, export, exempt, outside: String
    // Sentences
    let payOnPage: @Sendable (_ amount: String, _ day: String?, _ page: Int) -> String
    let nothingToPay, creditOffset, creditRefund, creditSettled, inYourFavour: String
    // Payment part
    let by, to, exactly, scan, account: String
    let earlyBy: @Sendable (_ percent: String) -> String
    let earlyThen: @Sendable (_ discount: String) -> String
    let dueNow, dueNowReckoned: String
    // Statement
    let balanceOurs, balanceYours, balanceEven, byAge, notDue, credits: String
    let ageRange: @Sendable (_ from: Int, _ to: Int) -> String
    let ageOver: @Sendable (_ days: Int) -> String
    let statementTitle: @Sendable (_ day: String) -> String
    let itemInvoice, itemCreditNote, itemPayment, itemOther, disputed, nothingOpen: String
    /// A line each, so that no code is broken.
    let sealed: @Sendable (PaperSeal) -> [String]
    // Foot
    let vatID, taxNumber: String
    let pageOf: @Sendable (_ page: Int, _ count: Int) -> String
    let dated: @Sendable (_ title: String, _ day: String) -> String
}
