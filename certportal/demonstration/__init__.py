"""A believable year around today, made by the same functions people's clicks call, its clock moved day by day."""
