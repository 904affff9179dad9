"""An attacker who shares nothing with the gate: reads what an audience reads, counts the register anew, and bounds what was hidden."""
