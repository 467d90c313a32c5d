/// Kinds of isolation that a bed may bear: by way of transmission, and by resistant bacteria (BMR, BHRe). Another
/// word that came in a message is shown as it came.
enum Isolation: String, CaseIterable {
  case contact, droplet, airborne, protective
  case bmr = "BMR"
  case bhre = "BHRe"
}
