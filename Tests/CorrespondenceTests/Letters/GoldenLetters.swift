/// The reminders as they are sent, subject first. A change here is read like prose: by someone who has to answer the phone.
enum GoldenLetters {
    static let germanFirst = """
        Kurze Erinnerung: 2 offene Rechnungen, zusammen 12.000,00 EUR

        Guten Tag Marijke Hoekstra,

        im Tagesgeschäft bleibt leicht einmal etwas liegen. Unsere folgenden Rechnungen sind nach unseren Büchern noch offen:

          Beleg                              Datum        Fällig        Verzug           Offen
          ------------------------------------------------------------------------------------
          RE-2026-09761                      23.09.2026   23.10.2026   31 Tage    5.310,00 EUR
          RE-2026-09874                      30.09.2026   30.10.2026   24 Tage    6.742,80 EUR
          Rechnungskorrektur GS-2026-00031   05.10.2026                             −52,80 EUR
          ------------------------------------------------------------------------------------
          Zu zahlen                                                              12.000,00 EUR

        Hat sich Ihre Zahlung mit diesem Schreiben gekreuzt, ist alles erledigt, und wir danken Ihnen.

        Andernfalls bitten wir Sie, 12.000,00 EUR bis zum 30.11.2026 zu überweisen.

          Empfänger:         Nordlicht Systeme GmbH
          IBAN:              DE02 1203 0000 0000 2020 51
          BIC:               BYLADEM1001
          Verwendungszweck:  RF63 K102 33
          Online zahlen:     https://pay.nordlicht.example/k10233

        Stimmt etwas an einer Rechnung nicht, oder fehlt Ihnen ein Beleg? Ein kurzer Hinweis genügt, wir kümmern uns darum.

        Jana Petersen ist gern für Sie da, telefonisch unter +49 421 555 0173 oder per E-Mail an petersen@nordlicht.example.

        Freundliche Grüße

        Jana Petersen
        Nordlicht Systeme GmbH
        Telefon +49 421 555 0173
        petersen@nordlicht.example

        """
    static let englishFirst = """
        A short reminder: 2 open invoices, together EUR 12,000.00

        Dear Marijke Hoekstra,

        Things slip easily on a busy day. By our records these invoices are still open:

          Document                    Date          Due              Late            Open
          -------------------------------------------------------------------------------
          RE-2026-09761               23 Sep 2026   23 Oct 2026   31 days    EUR 5,310.00
          RE-2026-09874               30 Sep 2026   30 Oct 2026   24 days    EUR 6,742.80
          Credit note GS-2026-00031   5 Oct 2026                               EUR −52.80
          -------------------------------------------------------------------------------
          Please pay                                                        EUR 12,000.00

        If your payment and this letter have crossed, all is settled, and we thank you.

        Otherwise, could you please pay EUR 12,000.00 by 30 November 2026?

          To:          Nordlicht Systeme GmbH
          IBAN:        DE02 1203 0000 0000 2020 51
          BIC:         BYLADEM1001
          Reference:   RF63 K102 33
          Pay online:  https://pay.nordlicht.example/k10233

        Is anything wrong with an invoice, or do you need another copy? A short note is enough, and we will see to it.

        Jana Petersen is glad to help, by telephone on +49 421 555 0173 or by e-mail at petersen@nordlicht.example.

        Kind regards

        Jana Petersen
        Nordlicht Systeme GmbH
        Telephone +49 421 555 0173
        petersen@nordlicht.example

        """
    static let germanSecond = """
        Zweite Erinnerung: 12.000,00 EUR – bitte antworten Sie bis zum 30.11.2026

        Guten Tag Marijke Hoekstra,

        am 02.11.2026 haben wir Ihnen zu diesen Rechnungen geschrieben. Sie sind weiterhin offen:

          Beleg                              Datum        Fällig        Verzug           Offen
          ------------------------------------------------------------------------------------
          RE-2026-09761                      23.09.2026   23.10.2026   31 Tage    5.310,00 EUR
          RE-2026-09874                      30.09.2026   30.10.2026   24 Tage    6.742,80 EUR
          Rechnungskorrektur GS-2026-00031   05.10.2026                             −52,80 EUR
          ------------------------------------------------------------------------------------
          Zu zahlen                                                              12.000,00 EUR

        Bitte tun Sie bis zum 30.11.2026 eines von dreien:

        1. Zahlen Sie 12.000,00 EUR mit den Angaben zur Zahlung.
        2. Nennen Sie uns den Tag, an dem Sie zahlen werden. Wir merken ihn vor.
        3. Sagen Sie uns, was nicht stimmt, wenn Sie mit einer Rechnung nicht einverstanden sind. Für diesen Teil fordern wir nichts, bis das geklärt ist.

        Ist es gerade eng, sprechen Sie mit uns: Über Raten lässt sich reden.

        Das Gesetz erlaubt uns, Verzugszinsen zu berechnen; bis heute wären es 94,08 EUR. Mit diesem Schreiben verlangen wir sie nicht, und eine baldige Zahlung hält den Betrag klein.

          Empfänger:         Nordlicht Systeme GmbH
          IBAN:              DE02 1203 0000 0000 2020 51
          BIC:               BYLADEM1001
          Verwendungszweck:  RF63 K102 33
          Online zahlen:     https://pay.nordlicht.example/k10233

        Ist Ihre Zahlung schon unterwegs, betrachten Sie dieses Schreiben bitte als erledigt. Vielen Dank.

        Jana Petersen ist gern für Sie da, telefonisch unter +49 421 555 0173 oder per E-Mail an petersen@nordlicht.example.

        Freundliche Grüße

        Jana Petersen
        Nordlicht Systeme GmbH
        Telefon +49 421 555 0173
        petersen@nordlicht.example

        """
    static let englishSecond = """
        Second reminder: EUR 12,000.00 – please reply by 30 November 2026

        Dear Marijke Hoekstra,

        We wrote to you on 2 November 2026 about these invoices. They are still open:

          Document                    Date          Due              Late            Open
          -------------------------------------------------------------------------------
          RE-2026-09761               23 Sep 2026   23 Oct 2026   31 days    EUR 5,310.00
          RE-2026-09874               30 Sep 2026   30 Oct 2026   24 days    EUR 6,742.80
          Credit note GS-2026-00031   5 Oct 2026                               EUR −52.80
          -------------------------------------------------------------------------------
          Please pay                                                        EUR 12,000.00

        Please do one of these three by 30 November 2026:

        1. Pay EUR 12,000.00, with the payment details given.
        2. Tell us the day on which you will pay. We will make a note of it.
        3. Tell us what is wrong with an invoice. We ask for nothing on that part until it is settled.

        If money is tight just now, talk to us: we would rather agree on something workable, and instalments are possible.

        The law allows us to add interest for late payment; today it would be EUR 94.08. We do not ask for it with this letter, and prompt payment keeps it from growing.

          To:          Nordlicht Systeme GmbH
          IBAN:        DE02 1203 0000 0000 2020 51
          BIC:         BYLADEM1001
          Reference:   RF63 K102 33
          Pay online:  https://pay.nordlicht.example/k10233

        If your payment is already on its way, please disregard this letter. Thank you.

        Jana Petersen is glad to help, by telephone on +49 421 555 0173 or by e-mail at petersen@nordlicht.example.

        Kind regards

        Jana Petersen
        Nordlicht Systeme GmbH
        Telephone +49 421 555 0173
        petersen@nordlicht.example

        """
    static let germanFinal = """
        Letzte Mahnung an Brouwer Staalbouw B.V.: 12.174,08 EUR, zahlbar bis zum 07.12.2026

        Guten Tag Marijke Hoekstra,

        trotz unserer Schreiben, zuletzt vom 02.11.2026, sind diese Rechnungen noch nicht beglichen:

          Beleg                              Datum        Fällig        Verzug           Offen
          ------------------------------------------------------------------------------------
          RE-2026-09761                      23.09.2026   23.10.2026   31 Tage    5.310,00 EUR
          RE-2026-09874                      30.09.2026   30.10.2026   24 Tage    6.742,80 EUR
          Rechnungskorrektur GS-2026-00031   05.10.2026                             −52,80 EUR
          Verzugszinsen                                                              94,08 EUR
          Gesetzliche Pauschale                                                      80,00 EUR
          ------------------------------------------------------------------------------------
          Zu zahlen                                                              12.174,08 EUR

        Sie hatten uns 6.000,00 EUR für den 13.11.2026 zugesagt; das Geld ist nicht eingetroffen.

        Bitte sorgen Sie dafür, dass 12.174,08 EUR bis zum 07.12.2026 auf unserem Konto eingegangen sind.

        Geschieht das nicht, beantragen wir einen gerichtlichen Mahnbescheid. Das ist beschlossen; eine weitere Mahnung schicken wir vorher nicht.

        Bis dahin stehen Ihnen zwei Wege offen:

        1. Nennen Sie uns den Grund, wenn Sie eine Forderung bestreiten. Dann ruht dieser Teil, bis er geklärt ist.
        2. Schlagen Sie Raten vor, wenn Sie nicht auf einmal zahlen können. Wir prüfen jeden ernsthaften Vorschlag.

          Empfänger:         Nordlicht Systeme GmbH
          IBAN:              DE02 1203 0000 0000 2020 51
          BIC:               BYLADEM1001
          Verwendungszweck:  RF63 K102 33
          Online zahlen:     https://pay.nordlicht.example/k10233

        Haben Sie in diesen Tagen bereits gezahlt, ist dieses Schreiben gegenstandslos. Wir würden lieber von Ihnen hören, als den nächsten Brief zu schreiben.

        Jana Petersen ist gern für Sie da, telefonisch unter +49 421 555 0173 oder per E-Mail an petersen@nordlicht.example.

        Freundliche Grüße

        Jana Petersen
        Nordlicht Systeme GmbH
        Telefon +49 421 555 0173
        petersen@nordlicht.example

        """
    static let englishFinal = """
        Final notice to Brouwer Staalbouw B.V.: EUR 12,174.08, payable by 7 December 2026

        Dear Marijke Hoekstra,

        We have asked for payment before, most recently on 2 November 2026. These invoices have still not been settled:

          Document                    Date          Due              Late            Open
          -------------------------------------------------------------------------------
          RE-2026-09761               23 Sep 2026   23 Oct 2026   31 days    EUR 5,310.00
          RE-2026-09874               30 Sep 2026   30 Oct 2026   24 days    EUR 6,742.80
          Credit note GS-2026-00031   5 Oct 2026                               EUR −52.80
          Late-payment interest                                                 EUR 94.08
          Statutory compensation                                                EUR 80.00
          -------------------------------------------------------------------------------
          Please pay                                                        EUR 12,174.08

        You expected to pay EUR 6,000.00 on 13 November 2026; the money has not arrived.

        Please make sure that EUR 12,174.08 reaches our account by 7 December 2026.

        If it does not, we will apply to the court for an order for payment. This is decided; we will not send another reminder first.

        Until then two ways are open to you:

        1. Tell us why if you dispute any part of this. That part will rest until it is settled.
        2. Propose instalments if you cannot pay at once. We will consider every serious offer.

          To:          Nordlicht Systeme GmbH
          IBAN:        DE02 1203 0000 0000 2020 51
          BIC:         BYLADEM1001
          Reference:   RF63 K102 33
          Pay online:  https://pay.nordlicht.example/k10233

        If you have paid within the last few days, please disregard this letter. We would much rather hear from you than write the next one.

        Jana Petersen is glad to help, by telephone on +49 421 555 0173 or by e-mail at petersen@nordlicht.example.

        Kind regards

        Jana Petersen
        Nordlicht Systeme GmbH
        Telephone +49 421 555 0173
        petersen@nordlicht.example

        """
}
