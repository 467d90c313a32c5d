import Register

/// `Register`'s environment under a name that Hummingbird, which has an `Environment` of its own, leaves free.
public typealias Outside = Environment
