extension PaperLabels {
    static let english = PaperLabels(
        invoice: "Invoice", creditNote: "Credit note", statement: "Statement",
        reminder: "Payment reminder", secondReminder: "Second reminder", finalReminder: "Final reminder",
        date: "Date", supplied: "Supplied", due: "Due", customer: "Customer", yourOrder: "Your order",
        ourOrder: "Our order", yourVATID: "Your VAT no.", questions: "Questions", writtenBy: "Written by",
        telephone: "Telephone", email: "E-mail", reference: "Reference",
        corrects: "Corrects", asOf: "As of", knownAt: "As booked at", kind: "Kind", openItems: "open items",
        position: "No.", item: "Item", quantity: "Quantity", unitPrice: "Unit price", discount: "Discount", vat: "VAT",
        amount: "Amount", document: "Document", late: "Late", original: "Amount", open: "Open", balance: "Balance",
        carriedForward: { "Carried forward to page \($0)" }, broughtForward: { "Brought forward from page \($0)" },
        netTotal: "Net total", subtotal: "Total of the lines", grossTotal: "Total", prepaid: "Already paid",
        toPay: "To pay", credit: "Credit", total: "Total", pleasePay: "Please pay", interest: "Late interest",
        fee: "Compensation",
        rounding: "Rounding", vatOn: { "VAT \($0) on \($1)" }, vatFree: { "VAT 0\u{00A0}% on \($0)" },
        outsideScope: { "Not subject to VAT \($0)" }, vatIn: { "VAT in \($0)" },
        reverseCharge: "Reverse charge: the recipient accounts for the VAT.",
        intraCommunity: "Intra-Community supply, exempt, Art. 138 Directive 2006/112/EC.",
        export: "Export, free of VAT.",
        exempt: "Exempt from VAT.", outside: "Not subject to VAT.",
        payOnPage: { amount, day, page in
            "To pay: \(amount)\(day.map { " by \($0)" } ?? ""); payment part on page \(page)."
        },
        nothingToPay: "There is nothing to pay.",
        creditOffset: "We set this amount off against your open invoices; you need do nothing.",
        creditRefund: "We will pay this amount to your account.",
        creditSettled: "This amount is set off against the invoice named; there is nothing to pay.",
        inYourFavour: "This amount is in your favour; there is nothing to pay.",
        by: "By", to: "To", exactly: "Reference, exactly so",
        scan: "Scan with your banking app", account: "Account", earlyBy: { "Or with \($0) discount by" },
        earlyThen: { "then (discount \($0))" },
        dueNow: "Due today",
        dueNowReckoned: "Due today: overdue and not questioned, less credits",
        balanceOurs: "Balance in our favour", balanceYours: "Balance in your favour", balanceEven: "Balance",
        byAge: "By age", notDue: "Not due", credits: "Credits",
        ageRange: { "\($0)–\($1) days" }, ageOver: { "over \($0) days" },
        statementTitle: { "Statement as of \($0)" },
        itemInvoice: "Invoice", itemCreditNote: "Credit note", itemPayment: "Your payment, not yet allocated",
        itemOther: "Item", disputed: "questioned", nothingOpen: "Nothing is open.",
        sealed: { seal in
            ["Code of this statement: \(seal.code)"]
                + (seal.batch == 0 ? [] : ["Last seal of our books before it: no. \(seal.batch), code \(seal.head)"])
                + ["Both can be checked with the audit chain of our books, which we hand out on request."]
        },
        vatID: "VAT no.", taxNumber: "Tax no.", pageOf: { "Page \($0) of \($1)" },
        dated: { "\($0) of \($1)" })
}
