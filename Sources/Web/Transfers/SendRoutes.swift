import Hospital
import Hummingbird
import Ledger
import Register

/// To another hospital: what is needed, which partners could, best first, and who is asked.
enum SendRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/stays/{id}/send", "The form that asks partner hospitals, ranked by what is needed",
      query: [Field("need", .list(.choice(CareRoutes.keys)), "What the patient needs there")]),
    .post(
      "/stays/{id}/send", "Asks one partner or several at once",
      fields: [
        Field("partner", .list(.uuid), required: true),
        Field("kind", .choice(PatientTransfer.Kind.allCases.map(\.rawValue))),
        Field("need", .list(.choice(CareRoutes.keys))), Field("reason"), Field("spokenTo", "Person spoken to"), .at,
      ]),
  ]

  private static let act: StayAct = {
    var act = StayAct("send", .transferOut) { file, make, app in
      let wording = make.wording
      let settings = app.emergencySettings
      let (partners, asked, visit) = try app.register.read {
        (
          try $0.partners(), try $0.transfers(ofStay: file.subject), try $0.emergencyVisit(ofStay: file.subject)
        )
      }
      // Nothing that the orientation or the last partner was told is asked twice.
      let known = PatientTransfer.asking(after: asked, visit, settings)
      let proposed = make.filling.proposed.all("need")
      let chosen = make.filling.typed?.all("need") ?? (proposed.isEmpty ? known.needs.map(\.rawValue) : proposed)
      let needs = CareKey.allCases.filter { chosen.contains($0.rawValue) }
      let ranked = PartnerProposal.ranked(partners, needs: needs, at: wording.now, asked: asked)
      var need = make.field(
        "need", .checks(CareKey.allCases.map { .init($0.rawValue, CarePage.name($0.rawValue, wording)) }), wide: true)
      need.label = wording("send.needs")
      need.values = Set(chosen)
      var partner = make.field(
        "partner",
        .checks(ranked.map { .init($0.partner.id.afterSlash, PartnerText.choice($0, wording)) }), required: true,
        wide: true, focus: true)
      partner.label = wording("send.partners")
      if partners.isEmpty { partner.help = wording("send.no-partner") }
      let waiting = partners.filter { one in !ranked.contains { $0.partner.id.sameBytes(as: one.id) } }
      if !waiting.isEmpty {
        partner.help = wording("send.asked", ["who": waiting.map(\.name).joined(separator: ", ")])
      }
      var reason = make.field("reason", proposed: known.reason ?? why(visit, settings, wording), wide: true)
      reason.label = wording("send.reason")
      var spokenTo = make.field("spokenTo")
      spokenTo.label = wording("transfer.spoken-to")
      let again =
        "<p><button class=\"plain\" name=\"show\" value=\"partners\">\(escaped(wording("send.rank")))</button></p>"
      return [
        FormSection(wording("send.needs"), [need], below: again),
        FormSection(
          wording("send.section"),
          [
            partner,
            make.choice(
              "kind", "transfer.kind", PatientTransfer.Kind.allCases.map(\.rawValue), proposed: "definitive",
              radios: true), reason, spokenTo, make.field("at"),
          ]),
      ]
    } command: { stay, form, wording throws(Refusal) in
      AskTransfer(
        stay: stay, partners: form.all("partner").map { "partner/\($0)" },
        kind: try form.choice("kind", PatientTransfer.Kind.self) ?? .definitive,
        needs: try form.choices("need", CareKey.self), reason: form["reason"], spokenTo: form["spokenTo"],
        at: try wording.hour(form))
    }
    act.next = { _, _ in "/transfers" }
    return act
  }()

  /// Why emergency sends them: the complaint, and what is not given here.
  private static func why(_ visit: EmergencyVisit?, _ settings: EmergencySettings, _ wording: Wording) -> String? {
    guard let visit, let orientation = visit.orientation, orientation.way == .transfer else { return nil }
    let parts = [
      visit.complaintLine(settings, wording.language), orientation.reason.map(wording.transferReason),
      orientation.destination,
    ].compactMap(\.self)
    return parts.joined(separator: " · ")
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) { act.add(to: router, app) }
}

/// How a partner and what it can take are said.
enum PartnerText {
  /// `Hôpital d'Évry : 12 min · 4 places (dit à 02:10) · manque : IRM`.
  static func choice(_ proposal: PartnerProposal, _ wording: Wording) -> String {
    var parts: [String] = []
    if let refused = proposal.refused {
      parts.append(wording("partner.refused", ["time": wording.time(refused.at), "why": refused.note ?? "–"]))
    }
    func names(_ keys: [CareKey]) -> String {
      keys.map { CarePage.name($0.rawValue, wording) }.joined(separator: ", ")
    }
    if !proposal.closed.isEmpty { parts.append(wording("partner.closed", ["lines": names(proposal.closed)])) }
    if !proposal.missing.isEmpty { parts.append(wording("partner.missing", ["lines": names(proposal.missing)])) }
    if let places = proposal.places { parts.append(wording("partner.places", ["places": String(places)])) }
    if let at = proposal.saidAt { parts.append(wording("partner.said-at", ["time": wording.time(at)])) }
    parts.append(contentsOf: distance(proposal.partner, wording))
    if let phone = proposal.partner.phone { parts.append(phone) }
    return "\(proposal.partner.name) : \(parts.joined(separator: " · "))"
  }

  static func distance(_ partner: Partner, _ wording: Wording) -> [String] {
    [
      partner.minutes.map { wording("partner.minutes", ["minutes": String($0)]) },
      partner.kilometres.map { wording("partner.kilometres", ["kilometres": String($0)]) },
    ].compactMap(\.self)
  }
}
