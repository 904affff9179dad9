"""How a target is proven: exchanges, linear programs among neighbours, and the certificate that both give."""
