/** Room for two panels: the wall's picture and, beside it, the lamps. */
export const wide = matchMedia("(min-width: 60rem) and (min-height: 501px)");
