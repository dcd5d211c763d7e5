namespace CatchUp.Flow.Objectives;

/// <summary>Runge–Kutta order of the catch-up targets. The value is the number of output heads it trains.</summary>
public enum CatchUpOrder
{
    /// <summary>RK12: one slope.</summary>
    Rk12 = 1,

    /// <summary>RK23: two slopes.</summary>
    Rk23 = 2,

    /// <summary>RK34: three slopes.</summary>
    Rk34 = 3,
}
