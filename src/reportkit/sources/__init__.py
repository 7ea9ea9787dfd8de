"""Where reports come from: registers, stores and published reports, all behind one protocol."""
