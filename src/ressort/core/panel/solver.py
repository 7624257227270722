"""HiGHS, asked always in the same manner: one thread, no time limit, no random start, exact whole solutions."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ressort.core.errors import NoSolution, RessortError

Floats = NDArray[np.float64]
INFINITY = float("inf")
_TOLERANCE = 1e-9


class Program:
    """A linear program, possibly with whole variables: maximise `cost · x`, rows and columns within bounds.

    Args:
        cost, low, high: (columns). rows: (rows, columns), full or sparse. row_low, row_high: (rows). whole: which columns are whole.
    """

    def __init__(
        self, cost: Floats, low: Floats, high: Floats, rows: Any, row_low: Floats, row_high: Floats,
        whole: NDArray[np.bool_] | None = None,
    ) -> None:  # fmt: skip
        import highspy
        from scipy import sparse

        self._highs = quiet_highs()
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(cost), len(row_low)
        program.sense_ = highspy.ObjSense.kMaximize
        program.col_cost_, program.col_lower_, program.col_upper_ = _f(cost), _f(low), _f(high)
        program.row_lower_, program.row_upper_ = _f(row_low), _f(row_high)
        matrix = sparse.csc_matrix(rows, dtype=np.float64)
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_, program.a_matrix_.index_ = matrix.indptr, matrix.indices
        program.a_matrix_.value_ = matrix.data
        if whole is not None:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            program.integrality_ = [kinds[int(flag)] for flag in whole]
        self._columns = len(cost)
        self._highs.passModel(program)

    def want(self, cost: Floats) -> None:
        """Changes what is maximised."""
        self._highs.changeColsCost(self._columns, np.arange(self._columns, dtype=np.int32), _f(cost))

    def set_coefficient(self, row: int, column: int, value: float) -> None:
        """Changes one coefficient."""
        self._highs.changeCoeff(row, column, value)

    def set_row(self, row: int, low: float, high: float) -> None:
        """Changes the bounds of a row."""
        self._highs.changeRowBounds(row, low, high)

    def add_row(self, low: float, high: float, row: Floats) -> None:
        """Adds a row."""
        places = np.flatnonzero(row).astype(np.int32)
        self._highs.addRow(low, high, len(places), places, _f(row[places]))

    def solve(self) -> None:
        """Solves to optimality.

        Raises:
            NoSolution: nothing keeps to all the rows.
        """
        optimum(self._highs)

    @property
    def value(self) -> float:
        """The best value."""
        return float(self._highs.getInfo().objective_function_value)

    def point(self) -> Floats:
        """The best point."""
        return np.array(self._highs.getSolution().col_value)

    def prices(self) -> Floats:
        """What each row would bring if its bound moved by one."""
        return np.array(self._highs.getSolution().row_dual)


def quiet_highs() -> Any:
    """A HiGHS that prints nothing, on one thread."""
    import highspy

    # the class under highspy.Highs: the same methods without its banner on the output, where answers are piped
    highs = highspy.Highs.__mro__[1]()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", 0),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.0),
        ("primal_feasibility_tolerance", _TOLERANCE),
        ("dual_feasibility_tolerance", _TOLERANCE),
        ("mip_feasibility_tolerance", _TOLERANCE),
    ):
        highs.setOptionValue(option, value)
    return highs


def optimum(highs: Any) -> None:
    """Runs to optimality; once more from nothing if rounding stood in the way.

    Raises:
        NoSolution: nothing keeps to all the rows.
    """
    import highspy

    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        highs.clearSolver()
        highs.run()
    status = highs.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        raise NoSolution("No panel keeps to all the quotas at once.")
    if status != highspy.HighsModelStatus.kOptimal:
        raise RessortError("The solver stopped without an answer ({status}). Report it.", status=str(status))


def _f(values: Floats) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float64)
