/// Given names as they were given, the commonest first.
enum SampleGivenNames {
  struct Era {
    /// First year of birth.
    var from: Int
    var women: [String]
    var men: [String]
  }

  static func era(of year: Int) -> Era { eras.last { $0.from <= year } ?? eras[0] }

  private static func list(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  static let eras: [Era] = [
    Era(
      from: 1900,
      women: list(
        """
        Marie Jeanne Madeleine Simone Marguerite Yvonne Denise Germaine Suzanne Louise Odette Marcelle Andrée Raymonde \
        Lucienne Paulette Renée Georgette Hélène Thérèse Henriette Gabrielle Berthe Émilienne Fernande Alice Juliette \
        Solange Ginette Huguette
        """),
      men: list(
        """
        Jean André Marcel René Pierre Roger Georges Louis Henri Robert Maurice Lucien Paul Raymond Charles Albert Émile \
        Joseph François Fernand Gaston Eugène Léon Edmond Gabriel Alfred Ernest Camille Julien Marius
        """)),
    Era(
      from: 1935,
      women: list(
        """
        Monique Marie Jacqueline Françoise Nicole Jeannine Christiane Michèle Colette Jeanne Thérèse Claude Annie \
        Danielle Josette Yvette Ginette Simone Arlette Geneviève Marie-Thérèse Bernadette Éliane Liliane Mireille \
        Marie-Claude Gisèle Huguette Claudine Anne-Marie
        """),
      men: list(
        """
        Jean Michel Pierre Claude Jacques André Bernard Daniel René Gérard Roger Robert Jean-Claude Jean-Pierre Henri \
        Guy Georges Christian Paul Raymond Serge Maurice Roland Yves François Marcel Louis Francis Gilbert Lucien
        """)),
    Era(
      from: 1950,
      women: list(
        """
        Martine Françoise Monique Nicole Christine Catherine Sylvie Marie Brigitte Chantal Patricia Véronique Annie \
        Dominique Évelyne Danielle Michèle Élisabeth Joëlle Béatrice Ghislaine Marie-Christine Corinne Isabelle \
        Pascale Nadine Maryse Anne Odile Marie-France
        """),
      men: list(
        """
        Michel Alain Philippe Patrick Jean Daniel Bernard Christian Gérard Jean-Pierre Jean-Claude Pascal Dominique \
        Jacques Didier Serge Éric Thierry Bruno Jean-Paul Jean-Luc François Marc Gilles Francis Denis Pierre Yves Hervé \
        Jean-Marc
        """)),
    Era(
      from: 1965,
      women: list(
        """
        Nathalie Isabelle Sylvie Catherine Christine Valérie Sandrine Stéphanie Véronique Sophie Céline Corinne Karine \
        Laurence Florence Delphine Séverine Virginie Anne Sabrina Carole Agnès Nadia Muriel Fabienne Fatima Patricia \
        Magali Caroline Béatrice
        """),
      men: list(
        """
        Philippe Christophe Stéphane Thierry Laurent Éric Frédéric Pascal Olivier David Sébastien Nicolas Franck Bruno \
        Jérôme Didier Cédric Patrick Alain Fabrice Vincent Xavier Christian Mohamed Arnaud Yann Hervé Karim José Marc
        """)),
    Era(
      from: 1980,
      women: list(
        """
        Aurélie Émilie Élodie Julie Céline Laura Marine Audrey Mélanie Camille Pauline Jennifer Sarah Marion Charlotte \
        Mathilde Anaïs Laetitia Lucie Amandine Sabrina Claire Hélène Justine Fanny Alexandra Elsa Nadia Samira Gaëlle
        """),
      men: list(
        """
        Nicolas Julien Guillaume Alexandre Thomas Kevin Romain Anthony Maxime Jérémy Mathieu Mickaël Sébastien Vincent \
        Florian Benjamin Adrien Clément Pierre Antoine Jonathan Quentin Damien Arnaud Mehdi Rachid Cyril Aurélien \
        Yoann Ludovic
        """)),
    Era(
      from: 1995,
      women: list(
        """
        Léa Manon Emma Chloé Camille Océane Marie Sarah Clara Inès Laura Mathilde Louise Jade Lucie Anaïs Zoé Romane \
        Pauline Eva Lola Maëlys Justine Alicia Juliette Lisa Carla Yasmine Noémie Margaux
        """),
      men: list(
        """
        Lucas Théo Hugo Thomas Enzo Mathis Maxime Clément Léo Antoine Alexandre Nathan Louis Quentin Tom Romain Valentin \
        Baptiste Paul Alexis Axel Yanis Adam Nolan Dylan Matthieu Rayan Simon Gabriel Jules
        """)),
    Era(
      from: 2010,
      women: list(
        """
        Louise Jade Emma Alice Ambre Lina Rose Chloé Mia Anna Léa Léna Mila Inès Julia Juliette Agathe Romy Nour Iris \
        Zoé Lou Jeanne Éva Adèle Victoire Charlotte Aya Maryam Capucine
        """),
      men: list(
        """
        Gabriel Léo Raphaël Louis Arthur Jules Adam Maël Lucas Hugo Noah Liam Gabin Sacha Paul Nathan Aaron Ethan Mohamed \
        Tom Éden Naël Isaac Malo Marius Ibrahim Eliott Amir Côme Augustin
        """)),
  ]
}
