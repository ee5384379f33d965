import Money
import Web

/// What can be done with a document: send it, answer it with a credit note.
struct InvoiceForms {
    let view: InvoiceView
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func draw(_ html: inout HTML) {
        let isInvoice = view.type == "invoice"
        guard shell.may("invoice send") || (isInvoice && shell.may("invoice credit")) else { return }
        html("section", .class("deeds")) { html in
            html("div", .class("acts")) { html in
                if shell.may("invoice send") {
                    shell.form(
                        &html, "invoice send", fields: [("numbers", view.invoiceNo), ("seller", view.seller.code)]
                    ) {
                        shell.submit(&$0, say("Send now", "Jetzt senden"), key: "m")
                    }
                }
                html(
                    "span", .class("hint"),
                    text: say(
                        "sends the letter that waits in the outbox", "sendet das Schreiben, das im Postausgang wartet"))
            }
            if isInvoice, shell.may("invoice credit") { credit(&html) }
        }
    }

    private func credit(_ html: inout HTML) {
        html("details", .class("more")) { html in
            html(
                "summary", Attribute("data-key", "c"),
                text: say("Answer it with a credit note", "Mit einer Gutschrift beantworten"))
            shell.form(
                &html, "invoice credit", look: .class("fields"),
                fields: [("number", view.invoiceNo), ("seller", view.seller.code)]
            ) { html in
                shell.field(
                    &html, say("Gross amount, \(view.currency)", "Bruttobetrag, \(view.currency)"), name: "amount",
                    id: "credit-amount",
                    hint: say("Empty credits all of it.", "Leer schreibt alles gut."), isNumber: true)
                shell.field(
                    &html, say("Because", "Weil"), name: "reason", id: "credit-reason",
                    hint: say("Printed on the credit note.", "Steht auf der Gutschrift."))
                html("p", .class("acts")) { html in
                    shell.submit(&html, say("Check only", "Nur prüfen"), name: "dry-run")
                    shell.submit(&html, say("Issue the credit note", "Gutschrift ausstellen"))
                }
                html(
                    "p", .class("hint"),
                    text: say(
                        "Takes the next number, is set against this invoice, and goes to the customer.",
                        "Nimmt die nächste Nummer, wird mit dieser Rechnung verrechnet und geht an den Kunden."))
            }
        }
    }
}
