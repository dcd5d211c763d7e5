namespace CatchUp.Search.Objectives;

/// <summary>Which way an objective is better.</summary>
public enum Goal
{
    Minimize,
    Maximize,
}
