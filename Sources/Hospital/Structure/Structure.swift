/// The hospital's map: legal entity, sites, units, rooms, beds. One YAML file, said as one fact.
public struct Structure: Sendable, Equatable {
  public var name: String
  /// FINESS of the legal entity, 9 characters.
  public var finess: String
  /// Made for practice: no real patient may be entered, and any disk will do.
  public var fictive: Bool
  /// IANA name; hours without an offset are in it.
  public var timeZone: String
  public var sites: [Site]
  /// How local numbers look, by kind.
  public var numbers: [NumberKind: NumberFormat]
  /// OID, else name, of the authority of this hospital's own IPP and NDA.
  public var ippAuthority: String
  public var ndaAuthority: String
  /// Emergency visit that becomes an inpatient stay keeps its number.
  public var emergencyKeepsNumber: Bool
  /// How many hours back a late entry may reach.
  public var lateEntryHoursMax: Int
  /// What a code of the diary's own (SCH-8) says, in capitals; before the usual words.
  public var appointmentKinds: [String: AppointmentKind] = [:]

  public init(
    name: String, finess: String, fictive: Bool, timeZone: String, sites: [Site],
    numbers: [NumberKind: NumberFormat], ippAuthority: String, ndaAuthority: String,
    emergencyKeepsNumber: Bool, lateEntryHoursMax: Int
  ) {
    self.name = name
    self.finess = finess
    self.fictive = fictive
    self.timeZone = timeZone
    self.sites = sites
    self.numbers = numbers
    self.ippAuthority = ippAuthority
    self.ndaAuthority = ndaAuthority
    self.emergencyKeepsNumber = emergencyKeepsNumber
    self.lateEntryHoursMax = lateEntryHoursMax
  }
}

public struct Site: Sendable, Equatable {
  public var finess: String
  public var name: String
  public var units: [CareUnit]

  public init(finess: String, name: String, units: [CareUnit]) {
    self.finess = finess
    self.name = name
    self.units = units
  }
}

/// An UF (unité fonctionnelle).
public struct CareUnit: Sendable, Equatable {
  public var code: String
  public var name: String
  /// Pôle, for grouping on boards.
  public var division: String?
  /// The responsibilities this unit bears: medical, lodging, care.
  public var responsibilities: [String]
  /// medicine, surgery, obstetrics, intensive, emergency, short-stay (UHCD), rehabilitation, psychiatry,
  /// long-term, theatre, outpatient, dialysis, neonatology.
  public var specialty: String
  public var phone: String?
  public var rooms: [Room]
  /// Presence here is never said to callers (addictologie, orthogénie, psychiatrie).
  public var discreet: Bool

  public init(
    code: String, name: String, division: String?, responsibilities: [String], specialty: String, phone: String?,
    rooms: [Room], discreet: Bool
  ) {
    self.code = code
    self.name = name
    self.division = division
    self.responsibilities = responsibilities
    self.specialty = specialty
    self.phone = phone
    self.rooms = rooms
    self.discreet = discreet
  }
}

public struct Room: Sendable, Equatable {
  public var code: String
  public var beds: [Place]

  public init(code: String, beds: [Place]) {
    self.code = code
    self.beds = beds
  }

  /// One bed of the structure.
  public struct Place: Sendable, Equatable {
    public var code: String
    public var kind: BedKind
    /// Air handling or a door that lets it isolate.
    public var isolation: Bool

    public init(code: String, kind: BedKind, isolation: Bool) {
      self.code = code
      self.kind = kind
      self.isolation = isolation
    }
  }
}

/// How a number looks on labels, as the main system writes it.
public struct NumberFormat: Sendable, Equatable {
  public var prefix: String
  /// Whole length, prefix and check digit included.
  public var length: Int
  /// `none`, `luhn` or `mod97`.
  public var check: String
  /// First and last serial of the range reserved for Permanence.
  public var first: Int
  public var last: Int

  public init(prefix: String, length: Int, check: String, first: Int, last: Int) {
    self.prefix = prefix
    self.length = length
    self.check = check
    self.first = first
    self.last = last
  }
}
