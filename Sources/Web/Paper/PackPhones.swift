import Hospital

/// Whom to call: every unit, every partner, and the Maison Médicale de Garde.
struct PackPhones {
  let document: Pack.Document

  init(_ pack: Pack, _ partners: [Partner]) {
    let units = pack.structure?.sites.flatMap { site in site.units.map { (site.name, $0) } } ?? []
    let number = pack.number(SheetNumber.phones)
    let onCall = pack.settings.onCall.map { house in
      ["name": house.name, "phone": house.phone ?? "–", "address": house.address ?? ""]
    }
    let model: [String: any Sendable] = [
      "number": number, "codes": Pack.codes(number), "onCall": [onCall].compactMap(\.self),
      "units": units.map { site, unit in
        ["name": unit.name, "code": unit.code, "site": site, "phone": unit.phone ?? "–"]
      },
      "partners": partners.map { partner in
        [
          "name": partner.name, "phone": partner.phone ?? "–",
          "can": partner.capabilities.map { CarePage.name($0, pack.wording) }.joined(separator: ", "),
        ]
      },
      "anyPartner": !partners.isEmpty, "write": Pack.lines(10),
    ]
    document = pack.document("3-telephones", "pack-phones", model)
  }
}
