"""All colour maths: numbers in, numbers out; numpy only, no clock, no names of fixtures."""
