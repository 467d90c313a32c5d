/// Why two records, or a search and a patient, look like one person. Texts are `reason.<raw value>`.
public enum MatchReason: String, Sendable, CaseIterable {
  case sameNumber = "same-number"
  case sameName = "same-name"
  case closeName = "close-name"
  case sameGivenName = "same-given-name"
  case closeGivenName = "close-given-name"
  case swappedNames = "swapped-names"
  case beginningOfName = "beginning-of-name"
  case sameBirthDate = "same-birth-date"
  case closeBirthDate = "close-birth-date"
  case sameBirthYear = "same-birth-year"
  case sameBirthPlace = "same-birth-place"
  case sameAddress = "same-address"
  case sameCity = "same-city"
  case samePhone = "same-phone"
  // What speaks against it.
  case otherName = "other-name"
  case otherGivenName = "other-given-name"
  case otherBirthDate = "other-birth-date"
  case otherSex = "other-sex"
}
